// @ts-check
// What terms come to: the same law as in byzverify/logic/evaluation.py, and held against it in the tests.
"use strict";

/**
 * Whether each node is true where these variables are true and all others false.
 * Parts have smaller numbers than wholes.
 * @param {TermNode[]} nodes
 * @param {Set<number>} trueVariables
 * @returns {Uint8Array}
 */
function evaluate(nodes, trueVariables) {
  const truths = new Uint8Array(nodes.length);
  truths[1] = 1;
  for (let number = 2; number < nodes.length; number++) {
    const node = nodes[number];
    if (node === 0) {
      truths[number] = trueVariables.has(number) ? 1 : 0;
      continue;
    }
    const [k, literals, weights] = node;
    let sum = 0;
    for (let i = 0; i < literals.length; i++) {
      if (holds(truths, literals[i])) sum += weights ? weights[i] : 1;
    }
    truths[number] = sum >= k ? 1 : 0;
  }
  return truths;
}

/**
 * @param {Uint8Array} truths
 * @param {Literal} literal
 */
function holds(truths, literal) {
  return truths[Math.abs(literal)] === (literal > 0 ? 1 : 0);
}
