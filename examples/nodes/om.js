// OM(m), one general of it: the oral-message algorithm, written from section 3 of Lamport, Shostak and Pease, "The
// Byzantine Generals Problem", ACM Transactions on Programming Languages and Systems 4(3), 1982.
//
// OM(0)  1. The commander sends his value to every lieutenant.
//        2. Each lieutenant uses the value that he receives, or RETREAT if he receives none.
// OM(m)  1. The commander sends his value to every lieutenant.
//        2. Each lieutenant acts as the commander of an OM(m-1), to send the value that he received, or else RETREAT,
//           to each of the n-2 other lieutenants.
//        3. Each lieutenant uses the majority of n-1 values: the one that he received in step 1, and for each other
//           lieutenant the one that he came to in that one's OM(m-1).
//
// The OMs inside one another are a tree: each has a commander, the value that he sent, and one OM inside it for each
// other lieutenant. Those at depth r have their step 1 in round r. The messages are those of
// docs/reference/node-protocol.md.
'use strict';

class OM {
  constructor(path, value) {
    this.path = path; // the commanders of the OMs around this one, the outermost first, and its own last
    this.value = value; // what its commander sent; until he does, RETREAT
    this.inside = new Map(); // the OM in which each other lieutenant is the commander; in OM(0) there is none
  }
}

class General {
  constructor({ node_id, node_ids, neighbours, parameters, orders, order = orders[0] }) {
    this.me = number(node_id);
    this.others = node_ids.map(number).filter((j) => j !== this.me);
    this.neighbours = neighbours.map(number);
    this.m = parameters.m;
    [this.orders, this.retreat, this.order] = [orders, orders[0], order];
    this.whole = new OM([0], this.retreat);
    this.begun = [this.whole]; // the OMs that have their step 1 in this round
    this.round = 0;
  }

  // Note the value that the commander of an OM of this round sends; of anything else, nothing.
  receive(sender, label, order) {
    if (!Array.isArray(label) || label.length !== this.round || label[0] !== 0 || label.at(-1) !== sender) return;
    const om = label.slice(1).reduce((around, j) => around?.inside.get(j), this.whole);
    if (om && this.orders.includes(order)) om.value = order;
  }

  // Send what there is to send in this round; the decision, in the round in which there is one.
  play(round) {
    this.round = round;
    if (this.me === 0) {
      this.send([0], this.order);
      return this.order;
    }
    if (round === this.m + 2) return this.use(this.whole);
    if (round > 1) this.actAsCommander();
    return undefined;
  }

  // Step 1: the commander sends his value to every lieutenant.
  send(path, order) {
    const body = { type: 'order', round: path.length, label: path, order };
    for (const j of this.neighbours) if (!path.includes(j)) write(`n${this.me}`, `n${j}`, body);
  }

  // Step 2: in every OM that began in the round before, send the received value to the other lieutenants, as they do.
  actAsCommander() {
    for (const { path, value, inside } of this.begun) {
      this.send([...path, this.me], value);
      for (const j of this.others) if (!path.includes(j)) inside.set(j, new OM([...path, j], this.retreat));
    }
    this.begun = this.begun.flatMap(({ inside }) => [...inside.values()]);
  }

  // Step 3, and step 2 of OM(0): the value that this lieutenant uses.
  use({ value, inside }) {
    return this.majority([value, ...[...inside.values()].map((om) => this.use(om))]);
  }

  // The value that more than half of these are, or RETREAT.
  majority(values) {
    const count = (order) => values.filter((value) => value === order).length;
    return this.orders.find((order) => 2 * count(order) > values.length) ?? this.retreat;
  }
}

const number = (name) => Number(name.slice(1)); // of general n2, 2

let name = 'n0';
let general;
let written = '';
let unread = '';

// Write a message; what was sent in a round leaves with the answer to the network.
function write(src, dest, body) {
  written += `${JSON.stringify({ src, dest, body })}\n`;
  if (dest !== 'network') return;
  process.stdout.write(written);
  written = '';
}

// What there is to answer to a message; nothing, to an order.
function answer({ src, body }) {
  if (body.type === 'order') return general.receive(number(src), body.label, body.order);
  if (body.type === 'round') return { type: 'round_ok', decision: general.play(body.round) };
  if (body.type !== 'init') return { type: 'error', code: body.type ? 10 : 12, text: `there is no ${body.type}` };
  name = body.node_id;
  if (body.protocol !== 'om') return { type: 'error', code: 10, text: 'I only know om' };
  general = new General(body);
  return { type: 'init_ok', again: true };
}

function read(line) {
  let in_reply_to;
  try {
    const message = JSON.parse(line);
    in_reply_to = message.body.msg_id;
    const body = answer(message);
    if (body) write(name, 'network', { in_reply_to, ...body });
  } catch (error) {
    write(name, 'network', { in_reply_to, type: 'error', code: 12, text: error.message });
  }
}

process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (unread + chunk).split('\n');
  unread = lines.pop();
  lines.forEach(read);
});
