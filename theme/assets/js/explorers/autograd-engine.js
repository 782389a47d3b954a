// A small reverse-mode automatic differentiation: an expression is parsed into nodes,
// each value is computed from its arguments', and gradients flow back from the last
// node, adding up where a node is used twice.

import { sigmoid } from "./sigmoid.js";

/** Each operation: its value, and the derivative by each argument. They get the
 * arguments as a and b, and the derivatives the value y as well. */
const operations = {
  "+": [(a, b) => a + b, () => 1, () => 1],
  "-": [(a, b) => a - b, () => 1, () => -1],
  "*": [(a, b) => a * b, (a, b) => b, (a) => a],
  "/": [(a, b) => a / b, (a, b) => 1 / b, (a, b, y) => -y / b],
  "**": [
    (a, b) => a ** b,
    (a, b) => (b === 0 ? 0 : b * a ** (b - 1)),
    (a, b, y) => (a === 0 && b >= 0 ? 0 : y * Math.log(a)),
  ],
  neg: [(a) => -a, () => -1],
  exp: [Math.exp, (a, b, y) => y],
  log: [Math.log, (a) => 1 / a],
  sqrt: [Math.sqrt, (a, b, y) => 1 / (2 * y)],
  sin: [Math.sin, (a) => Math.cos(a)],
  cos: [Math.cos, (a) => -Math.sin(a)],
  tanh: [Math.tanh, (a, b, y) => 1 - y * y],
  sigmoid: [sigmoid, (a, b, y) => y * (1 - y)],
  relu: [(a) => Math.max(a, 0), (a) => +(a > 0)],
};
export const functionNames = Object.keys(operations).slice(6);
export const MAX_NODES = 30;

/** What is wrong with an expression: `what` names it, `at` is where it is. */
export class Mistake extends Error {
  constructor(what, at, found = "") {
    super(`${what} at ${at}: ${found}`);
    Object.assign(this, { what, at, found });
  }
}

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/(),]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim(); at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const space = at + text.slice(at).search(/\S/);
    if (!match) throw new Mistake("character", space, text[space]);
    found.push({ number: match[1], name: match[2], sign: match[3], at: space });
  }
  return found;
}

/** Parse an expression in Python's notation. The nodes come in the order in which
 * Python would compute them; a node is {op, args, constant} or a leaf {name}. */
export function parse(text) {
  const queue = tokens(text);
  const nodes = [];
  const leaves = new Map();
  let next = 0;
  const peek = (...signs) => signs.includes(queue[next]?.sign);
  const fail = () => {
    const token = queue[next];
    if (!token) throw new Mistake("end", text.length);
    throw new Mistake("unexpected", token.at, token.number ?? token.name ?? token.sign);
  };
  const expect = (sign) => (peek(sign) ? next++ : fail());
  const add = (node) => {
    if (nodes.length === MAX_NODES) throw new Mistake("long", 0, MAX_NODES);
    node.constant = node.name === undefined && node.args.every((i) => nodes[i].constant);
    return nodes.push(node) - 1;
  };
  const leaf = (name) => {
    if (!leaves.has(name)) leaves.set(name, add({ op: "leaf", args: [], name }));
    return leaves.get(name);
  };
  const chain = (operand, ...signs) => {
    let left = operand();
    while (peek(...signs)) {
      const op = queue[next++].sign;
      left = add({ op, args: [left, operand()] });
    }
    return left;
  };
  const expression = () => chain(() => chain(unary, "*", "/"), "+", "-");
  const unary = () => {
    if (peek("+")) return next++, unary();
    if (!peek("-")) return power();
    next++;
    return add({ op: "neg", args: [unary()] });
  };
  const power = () => {
    const base = atom();
    if (!peek("**")) return base;
    next++;
    return add({ op: "**", args: [base, unary()] });
  };
  const atom = () => {
    const { number, name, at } = queue[next] ?? {};
    if (number) return next++, add({ op: "constant", args: [], value: +number });
    if (name && queue[next + 1]?.sign === "(") {
      if (!functionNames.includes(name)) throw new Mistake("function", at, name);
      next += 2;
      const args = [expression()];
      expect(")");
      return add({ op: name, args });
    }
    if (name) return next++, leaf(name);
    expect("(");
    const inside = expression();
    expect(")");
    return inside;
  };
  expression();
  if (next < queue.length) fail();
  if (!leaves.size) throw new Mistake("variable", 0);
  return nodes;
}

/** Compute each node's value, in order. */
export function evaluate(nodes, variables) {
  const values = [];
  for (const { op, args, name, value } of nodes)
    values.push(
      op === "leaf" ? variables[name] : op === "constant" ? value : operations[op][0](...args.map((i) => values[i])),
    );
  return values;
}

/** Carry the gradient back. Each step is what one node sends: its index, the gradient
 * it has, and for each argument its slot, the local derivative and their product. Returns the
 * steps, in order, and the gradient of each node (null where nothing asks for one). */
export function differentiate(nodes, values) {
  const gradients = nodes.map(() => null);
  const steps = [];
  gradients[nodes.length - 1] = 1;
  for (let index = nodes.length - 1; index >= 0; index--) {
    const { op, args, constant } = nodes[index];
    if (constant || gradients[index] === null || !operations[op]) continue;
    const [a, b] = args.map((i) => values[i]);
    const sent = args.flatMap((to, slot) => {
      if (nodes[to].constant) return [];
      const local = operations[op][slot + 1](a, b, values[index]);
      const product = gradients[index] * local;
      gradients[to] = (gradients[to] ?? 0) + product;
      return [{ slot, to, local, product }];
    });
    steps.push({ index, gradient: gradients[index], sent });
  }
  return { steps, gradients };
}
