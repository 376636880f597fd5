"""The induction over paths as a file for Coq: at every size, all loyal generals resolve the same at a root.

`induction.v` defines trees and proves the induction, for any rule and any sizes. This module adds those of a protocol:
the rule, as the formulas that its text comes to; the region; the number of levels. Coq's kernel then checks all of it.
This module knows formulas and Coq's syntax. It must not know any protocol, and asks no solver whether the rule is
right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from byzverify.engines.parameterized.deciding import Engine, sizes_of
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import Bits
from byzverify.engines.parameterized.trees import Resolving, occurs
from byzverify.errors import NotUnderstood, ProtocolError, UsageError
from byzverify.exporters.naming import Identifiers
from byzverify.exporters.notation import grouped
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import FALSE, TRUE, Arithmetic, Atom, Both, Formula, Linear

INDUCTION = files("byzverify.exporters").joinpath("induction.v").read_text(encoding="utf-8")

KEYWORDS = """
Axiom CoFixpoint Parameter SProp Type as at by cofix else end exists exists2 false fix for forall fun if in let match
mod return then true using where with
"""
"""Names that orders and sizes cannot have, besides all words of the texts in this module."""

SIZES = ("n", "m", "t")
"""Sizes that keep their names, which the text of the induction uses for the same."""

MOST_GENERALS = 12
"""How many generals the instance may have that shows that the region is not empty."""

HEAD = """\
(* {kind}: at every size, all loyal generals make the same of a root of their trees; and if the root is loyal, this is
   what he starts with. Written by byzverify; check it with coqc 8.16. The last lines print what it assumes: nothing.

   In part 1 compare the definitions, down to `possible` and `resolves`, with byzverify/language/gathering.py; in part 2
   compare all definitions with the program; in part 3 read what the theorems say. Coq checks the rest. *)

(* Part 1: trees, and the induction. *)

"""

PROGRAM = """

(* Part 2: the program, {kind}. *)

Inductive order : Set := {orders}.

Definition same : forall one other : order, {{one = other}} + {{one <> other}}.
Proof. destruct one, other; (left; reflexivity) || (right; discriminate). Defined.

Definition words : list order := [{words}].

Definition closed : bool := {closed}.

Definition levels ({sizes} : nat) : nat := {levels}.

(* The sizes that are meant, and an instance of them. *)
Definition region ({sizes} : nat) : Prop :=
  {region}.

Example instance : region {instance}.
Proof. unfold region. lia. Qed.

Lemma counted : forall values, length values =
  {counted}.
Proof. induction values as [|[] rest IH]; cbn [length count_occ same]; lia. Qed.
"""

RULE = """
Definition {rule} ({sizes} : nat) (told : order) (values : list order) : order :=
  let number := count_occ same values in
  match told with
{cases}
  end.
"""

STEPS = """
(* Part 3{which}: what the induction asks of the rule and of the sizes, and what follows. *)

Lemma {rule}_counts : forall {sizes}, counts_values ({rule} {sizes}).
Proof.
  unfold {rule}. intros {sizes} told values others alike. rewrite (Permutation_count_occ same) in alike.
  cbv zeta. rewrite ?alike. reflexivity.
Qed.

Lemma {rule}_keeps : forall {sizes}, region {sizes} ->
  keeps_what_is_said same closed n ({rule} {sizes}) (levels {sizes}) t words.
Proof.
  unfold region, keeps_what_is_said, levels, {rule}. cbv iota beta delta [closed].
  intros {sizes} meant told values k said inner size most. pose proof (counted values).
  destruct told; solve [by_cases | never_said].
Qed.

Lemma {rule}_makes : forall {sizes}, region {sizes} ->
  makes_one_value closed n ({rule} {sizes}) (levels {sizes}) t words.
Proof.
  unfold region, makes_one_value, levels, {rule}. cbv iota beta delta [closed].
  intros {sizes} meant one other values k said said_too inner few two size. pose proof (counted values).
  destruct one, other; solve [by_cases | never_said].
Qed.

Lemma {rule}_deep : forall {sizes}, region {sizes} -> t < levels {sizes}.
Proof. unfold region, levels. lia. Qed.

Theorem {rule}_agreement : forall {sizes} traitor start lie,
  region {sizes} -> possible n traitor start lie t words ->
  forall root me you, root < n -> resolves closed n traitor me [root] -> resolves closed n traitor you [root] ->
  at_root closed n traitor start lie ({rule} {sizes}) (levels {sizes}) me root =
  at_root closed n traitor start lie ({rule} {sizes}) (levels {sizes}) you root.
Proof. intros. eapply any_root; eauto using {rule}_counts, {rule}_keeps, {rule}_makes, {rule}_deep. Qed.

Theorem {rule}_validity : forall {sizes} traitor start lie,
  region {sizes} -> possible n traitor start lie t words ->
  forall root me, root < n -> resolves closed n traitor me [root] -> traitor root = false ->
  at_root closed n traitor start lie ({rule} {sizes}) (levels {sizes}) me root = start root.
Proof. intros. eapply loyal_root; eauto using {rule}_keeps, {rule}_deep. Qed.

Print Assumptions {rule}_agreement.
Print Assumptions {rule}_validity.
"""


@dataclass(frozen=True)
class Notation:
    """How formulas are written: as propositions, or as Booleans, on which Coq computes."""

    true: str
    false: str
    at_most: str
    both: str
    either: str


PROPOSITIONS = Notation("True", "False", "<=", " /\\ ", " \\/ ")
BOOLEANS = Notation("true", "false", "<=?", " && ", " || ")


class Formulas:
    """Formulas as texts of Coq. names: the unknowns, as terms of Coq.

    The unknowns are natural numbers, and so are all sums: what is subtracted on one side is added on the other.
    """

    def __init__(self, arithmetic: Arithmetic, names: Mapping[str, str]) -> None:
        self._arithmetic = arithmetic
        self._names = names

    def written(self, formula: Formula, notation: Notation) -> str:
        """The text of a formula."""
        if formula in (TRUE, FALSE):
            return notation.true if formula == TRUE else notation.false
        match self._arithmetic.nodes[abs(formula)]:
            case Atom(always, conditional):
                return self._inequality(always, conditional, formula > 0, notation)
            case Both(parts):
                texts = [grouped(self.written(part if formula > 0 else -part, notation)) for part in parts]
                return (notation.both if formula > 0 else notation.either).join(texts)
            case name:
                raise AssertionError(f"a rule depends on {name}")

    def _inequality(
        self, always: Linear, conditional: Sequence[tuple[Formula, Linear]], holds: bool, notation: Notation
    ) -> str:
        """That a sum is 0 or more, or that it is not: that its opposite less 1 is."""
        if not holds:
            always, conditional = -always - 1, [(one, -part) for one, part in conditional]
        less, more = ([self.sum(side), *self._added(conditional, sign)] for sign, side in ((-1, -always), (1, always)))
        return f"{_plus(less)} {notation.at_most} {_plus(more)}"

    def _added(self, conditional: Sequence[tuple[Formula, Linear]], sign: int) -> Iterator[str]:
        for formula, part in conditional:
            added = self.sum(part * sign)
            if added != "0":
                yield f"(if {self.written(formula, BOOLEANS)} then {added} else 0)"

    def sum(self, linear: Linear) -> str:
        """The part of a sum that is added, without what is subtracted."""
        parts = [
            self._names[name] if factor == 1 else f"{factor} * {grouped(self._names[name])}"
            for name, factor in linear.factors
            if factor > 0
        ]
        return _plus([*parts, *([str(linear.constant)] if linear.constant > 0 else [])])


def _plus(parts: Sequence[str]) -> str:
    """A sum; zeros are left out."""
    return " + ".join(part for part in parts if part != "0") or "0"


class File:
    """Builds the file."""

    def __init__(self, family: Family, resolving: Resolving) -> None:
        self._family = family
        self._resolving = resolving
        identifiers = Identifiers({*re.findall(r"\w+", INDUCTION + PROGRAM + RULE + STEPS + KEYWORDS), *SIZES})
        self._sizes = {name: name if name in SIZES else identifiers.new(name) for name in family.sizes}
        self._orders = {name: identifiers.new(name) for name in resolving.values}
        self._rules = ["rule", *(identifiers.new("rule") for _ in resolving.rules[1:])]
        counts = {occurs(name): f"number {order}" for name, order in self._orders.items()}
        self._formulas = Formulas(family.arithmetic, {**self._sizes, **counts})

    def text(self) -> str:
        """The whole file."""
        kind = self._family.kind.__name__
        rules = list(zip(self._rules, self._resolving.rules, strict=True))
        made = [self._rule(name, table) for name, table in rules]
        steps = [STEPS.format(which=f", {name}", rule=name, sizes=self._bound) for name, _ in rules]
        return "".join([HEAD.format(kind=kind), INDUCTION, self._program(kind), *made, *steps])

    @property
    def _bound(self) -> str:
        return " ".join(self._sizes.values())

    def _program(self, kind: str) -> str:
        orders = [*self._orders.values()]
        levels = self._resolving.levels
        less = self._formulas.sum(-levels)
        return PROGRAM.format(
            kind=kind,
            orders=" | ".join(orders),
            words="; ".join(self._orders[name] for name in self._resolving.told),
            closed=str(self._resolving.closed).lower(),
            sizes=self._bound,
            levels=self._formulas.sum(levels) + (f" - {grouped(less)}" if less != "0" else ""),
            region=self._formulas.written(self._family.region, PROPOSITIONS),
            instance=" ".join(map(str, self._instance())),
            counted=" + ".join(f"count_occ same values {order}" for order in orders),
        )

    def _instance(self) -> Sequence[int]:
        """Sizes that are meant, with a traitor if there are such. Raises UsageError if there are no small ones."""
        found = [sizes for n in range(1, MOST_GENERALS + 1) for sizes in sizes_of(self._family, n)]
        if not found:
            raise UsageError(f"no size with {MOST_GENERALS} generals or fewer is meant by {self._family.statement}")
        first = next((sizes for sizes in found if sizes["t"]), found[0])
        return [first[name] for name in self._sizes]

    def _rule(self, name: str, table: Mapping[str, Bits]) -> str:
        cases = [f"  | {self._orders[word]} =>\n    {self._chosen(bits)}" for word, bits in table.items()]
        cases += ["  | _ => told"] if len(table) < len(self._orders) else []
        return RULE.format(rule=name, sizes=self._bound, cases="\n".join(cases))

    def _chosen(self, bits: Bits) -> str:
        """The order whose formula holds; exactly one does."""
        *others, (last, _) = bits.items()
        chain = [f"if {self._formulas.written(bit, BOOLEANS)} then {self._orders[name]}" for name, bit in others]
        return "\n    else ".join([*chain, self._orders[last]])


def coq(kind: type[Protocol], fixed: Mapping[str, Any], assuming: str | None = None) -> str:
    """A file for coqc about all sizes of a protocol that is proved by induction over paths.

    Coq rejects it if the protocol's rule does not do what the induction asks of it. fixed: the values of parameters
    that are given. assuming: an assumption in place of the claim's own on the sizes. Raises UsageError for a protocol
    whose program does not relay along paths, or is not understood for all sizes.
    """
    try:
        family = Family(kind, fixed, assuming)
        induction = Engine(family, NO_LIMIT).induction()
        resolving = induction.resolving() if induction is not None else None
    except (ProtocolError, NotUnderstood) as error:
        raise UsageError(f"{kind.__name__} is not proved by induction over paths: {error}") from error
    if resolving is None:
        raise UsageError(f"{kind.__name__} is not proved by induction over paths: it relays nothing along paths")
    return File(family, resolving).text()
