// The board as `byzverify/board/packing.py` writes it. For the type checker alone: it is no part of a page.

/** A literal: the number of a node, or minus that number for its negation. */
type Literal = number;
/** [k, literals] or [k, literals, weights]: true where the weights of the true literals sum to k; 0 for a variable. */
type TermNode = 0 | [number, Literal[]] | [number, Literal[], number[]];
/** One literal for each word; none is true where nothing is said. */
type Bits = Literal[];
/** The number of a word, -1 for nothing. */
type Word = number;

interface Option {
  /** null: what his program says */
  says: Word | null;
  set: Literal[];
}

interface Place {
  round: number;
  sender: number;
  receiver: number;
  label: string;
  /** which message it is a part of, counted from 0; places without fields are each a message */
  message: number;
  said: Bits;
  honest: Bits;
  /** the expression of what his program says */
  why: number;
  options: Option[];
}

interface Expression {
  kind: "Word" | "Start" | "Read" | "Choice" | "Majority" | "Plurality" | "Constant" | "Equal" | "Not" | "Threshold";
  parts: number[];
  value: Bits | Literal;
  word?: Word;
  general?: number;
  place?: number | null;
  sender?: number;
  least?: number;
  weights?: number[];
  counting?: Counting;
}

/** What a threshold counts, as in byzverify/stories/counting.py: votes as [weight, vote, what it is compared with]; all
 *  but weights and `least` are numbers of expressions. uniform: whether each vote for the
 *  same weighs the same. */
interface Counting {
  least: number;
  votes: [number, number, number][];
  uniform: boolean;
}

type Decision =
  | { expression: number }
  | { parts: Decision[] }
  | { by: { [general: string]: Decision } }
  | { counted: [number, number][]; constant: number };

interface Condition {
  name: string;
  statement: string;
  cases: { witnesses: number[]; holds: Literal }[];
}

interface Board {
  /** all that can be said; where messages have fields, "it came" at the end */
  words: string[];
  rounds: number;
  /** fault: how a general fails, as in "a traitor"; null: he is loyal. lies: whether he makes things up, and does not
   *  only leave out. starts: "starts" or "pretends to start" */
  generals: { commands: boolean; fault: string | null; lies: boolean; starts: string }[];
  nodes: TermNode[];
  initial: number[];
  starts: { general: number; says: Bits; options: Option[] }[];
  places: Place[];
  expressions: Expression[];
  decisions: { [general: string]: Decision };
  conditions: Condition[];
}
