// The autograd explorer: an expression, its graph, values forwards and gradients
// backwards, one operation at a step.

import { backward, forward, functionNames, parse } from "./autograd-engine.js";
import { addressed, announcer, box, button, drawing, field, fill, format, h, inLanguage, number, path, scroller, select, table, text, within } from "./stage.js";

const WORDS = {
  title: ["Autograd explorer", "自动微分实验台"],
  expression: ["Expression", "表达式"],
  examples: ["Examples", "例子"],
  own: ["your own", "自己写的"],
  step: ["Step", "单步"],
  back: ["Undo", "撤销"],
  all: ["All", "全部"],
  restart: ["Restart", "重新开始"],
  graph: ["The computational graph; its values and gradients stand in the table below", "计算图；其中的值和梯度也列在下面的表里"],
  table: ["Nodes", "节点"],
  node: ["node", "节点"],
  operation: ["operation", "运算"],
  value: ["value", "值"],
  gradient: ["gradient", "梯度"],
  ready: ["Press Step: values come first, then gradients.", "点按“单步”：先算值，再算梯度。"],
  seed: ["backward() starts with ∂y/∂y = 1", "backward()从∂y/∂y = 1开始"],
  sends: ["sends", "传出"],
  done: ["Done: the leaves have their gradients.", "完成：叶子张量都有了梯度。"],
  none: ["none: constant", "无：常数"],
  character: ["This sign is not understood:", "不认识这个符号："],
  unexpected: ["This is unexpected here:", "这里不该出现："],
  end: ["Something is missing at the end.", "末尾缺了些什么。"],
  long: ["So many nodes at most:", "节点最多这么多："],
  function: ["No such function here:", "这里没有这个函数："],
  variable: ["There is no variable in it: nothing to differentiate by.", "里面没有变量，没有可以求导的对象。"],
  known: ["Known are + − * / ** and", "可用的有+ − * / **，以及"],
};
const EXAMPLES = ["2*x**2 + 5*x + 6", "sigmoid(w*x + b)", "(sigmoid(w*x + b) - y)**2", "x*x*x", "exp(-x**2 / 2)", "relu(w*x + b) + x"];
const USUAL = { x: 12.5, w: 0.5, b: -6, y: 1 };

export function mount(host, signal) {
  const words = inLanguage(WORDS);
  let expr, at, nodes, values, pass, steps, mistake;

  const input = h("input", { type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", maxlength: 120, oninput: () => begin(input.value) });
  const examples = select({ "": words.own, ...Object.fromEntries(EXAMPLES.map((each) => [each, each])) }, "", (each) => each && begin(each));
  const places = box("fields");
  const go = (to) => () => {
    steps = Math.max(0, Math.min(total(), to()));
    render();
  };
  const total = () => (nodes ? computed().length + pass.steps.length + 1 : 0);
  const buttons = {
    step: button(words.step, go(() => steps + 1)),
    all: button(words.all, go(() => Infinity)),
    back: button(words.back, go(() => steps - 1)),
    restart: button(words.restart, go(() => 0)),
  };
  const svg = drawing(words.graph, 1, 1);
  const note = h("ul", { class: "sums" });
  const [listing, list] = table([words.node, words.operation, words.value, words.gradient], words.table);
  const [status, say] = announcer(signal);
  fill(
    host, words.title,
    box("fields", field(words.expression, input), field(words.examples, examples)),
    places,
    box("buttons", ...Object.values(buttons)),
    note,
    scroller(words.title, svg),
    listing, status,
  );

  const write = addressed(["expr", "at", "step"], (from) => {
    at = { ...USUAL };
    for (const pair of (from.at ?? "").split(",")) {
      const [name, value] = pair.split(":");
      if (/^[A-Za-z_]\w*$/.test(name)) at[name] = within(value, -1e6, 1e6, 1);
    }
    begin((from.expr ?? EXAMPLES[0]).slice(0, 120), within(from.step, 0, 99, 0));
  }, signal);

  function begin(expression, reached = 0) {
    expr = expression;
    if (document.activeElement !== input) input.value = expr;
    examples.value = EXAMPLES.includes(expr) ? expr : "";
    try {
      nodes = parse(expr);
      mistake = null;
      const names = nodes.filter((node) => node.name).map((node) => node.name);
      for (const name of names) at[name] ??= 1;
      places.replaceChildren(...names.map((name) =>
        field(name, number(at[name], { min: -1e6, max: 1e6 }, (value) => ((at[name] = value), compute(), render())))));
      compute();
    } catch (error) {
      if (!error.what) throw error;
      mistake = error;
      nodes = null;
      places.replaceChildren();
    }
    input.setAttribute("aria-invalid", !nodes);
    steps = Math.min(reached, total());
    render();
  }
  function compute() {
    values = forward(nodes, at);
    pass = backward(nodes, values);
  }
  /** The nodes that an operation computes, in order. */
  const computed = () => nodes.flatMap((node, i) => (node.args.length ? [i] : []));
  const label = (i) => nodes[i].name ?? (nodes[i].op === "constant" ? format(nodes[i].value) : `v${computed().indexOf(i) + 1}`);
  const shown = (value) => (value < 0 ? `(${format(value)})` : format(value));
  function written(i, as) {
    const { op, args } = nodes[i];
    const [a, b] = args.map(as);
    return op === "neg" ? `−${a}` : b === undefined ? `${op}(${a})` : `${a} ${op === "-" ? "−" : op} ${b}`;
  }

  function render() {
    for (const each of Object.values(buttons)) each.disabled = !nodes;
    if (!nodes) {
      const where = mistake.found === "" ? "" : ` ${mistake.found}`;
      note.replaceChildren(h("li", null, words[mistake.what] + where), h("li", null, `${words.known} ${functionNames.join(", ")}`));
      svg.replaceChildren();
      list([]);
      say(words[mistake.what] + where);
      return;
    }
    const order = computed();
    const valued = new Set(order.slice(0, steps));
    const sent = pass.steps.slice(0, Math.max(0, steps - order.length - 1));
    const gradients = new Map();
    if (steps > order.length) gradients.set(nodes.length - 1, 1);
    for (const { sent: shares } of sent)
      for (const { to, product } of shares) gradients.set(to, (gradients.get(to) ?? 0) + product);
    const known = (i) => !nodes[i].args.length || valued.has(i);

    const lines = explain(order, sent, gradients);
    note.replaceChildren(...lines.map((each) => h("li", null, each)));
    say(lines.join(" "));
    list(nodes.map((node, i) => [
      label(i), node.args.length ? written(i, label) : "", known(i) ? format(values[i]) : "·",
      node.constant ? words.none : gradients.has(i) ? format(gradients.get(i)) : "·",
    ]));
    draw(known, gradients, sent);
    const changed = nodes.filter(({ name }) => name && at[name] !== (USUAL[name] ?? 1)).map(({ name }) => `${name}:${at[name]}`);
    write({ expr: expr === EXAMPLES[0] ? null : expr, at: changed.join() || null, step: steps || null });
  }

  function explain(order, sent, gradients) {
    if (!steps) return [words.ready];
    if (steps <= order.length) {
      const i = order[steps - 1];
      return [`${label(i)} = ${written(i, label)} = ${written(i, (k) => shown(values[k]))} = ${format(values[i])}`];
    }
    if (!sent.length) return [words.seed];
    const { index, gradient, sent: shares } = sent.at(-1);
    return [
      ...shares.map(({ to, local, product }) => {
        const before = gradients.get(to) - product;
        const sum = sent.flatMap((each) => each.sent).filter((each) => each.to === to).length > 1;
        return `${label(index)} ${words.sends} ${shown(gradient)} · ${shown(local)} = ${format(product)} → ${label(to)}${sum ? `: ${format(before)} + ${shown(product)} = ${format(gradients.get(to))}` : ""}`;
      }),
      ...(sent.length === pass.steps.length ? [words.done] : []),
    ];
  }

  function draw(known, gradients, sent) {
    // A node stands one row above the nodes that use it; the result at the bottom.
    const height = nodes.map(() => 0);
    const users = nodes.map((_, i) => nodes.flatMap(({ args }, k) => args.filter((j) => j === i).map(() => k)));
    for (let i = nodes.length - 1; i >= 0; i--) height[i] = Math.max(-1, ...users[i].map((k) => height[k])) + 1;
    const rows = [];
    height.forEach((row, i) => (rows[row] ??= []).push(i));
    const [wide, tall, across] = [104, 86, 112];
    const width = Math.max(3, ...rows.map((row) => row.length)) * across;
    const x = [];
    for (const row of rows) {
      const wish = (i) => (users[i].length ? users[i].reduce((sum, k) => sum + x[k], 0) / users[i].length : width / 2);
      const inOrder = row.map((i) => [wish(i), i]).sort((a, b) => a[0] - b[0]);
      inOrder.forEach(([, i], place) => (x[i] = width / 2 + (place - (row.length - 1) / 2) * (width / Math.max(row.length, 1)) * (row.length > 1 ? 1 : 0)));
    }
    const y = (i) => (rows.length - 1 - height[i]) * tall + 28;
    const latest = sent.at(-1)?.index;
    const share = (from, slot) => {
      const step = sent.find(({ index }) => index === from);
      const found = step?.sent.filter(({ to }) => to === nodes[from].args[slot]) ?? [];
      return found[nodes[from].args[0] === nodes[from].args[1] ? slot : 0];
    };
    svg.setAttribute("viewBox", `0 0 ${width} ${rows.length * tall - 22}`);
    svg.setAttribute("width", width);
    const edges = nodes.flatMap(({ args }, i) => args.map((j, slot) => {
      const twice = args[0] === args[1] ? (slot ? 24 : -24) : 0;
      const [x1, y1, x2, y2] = [x[j] + twice, y(j) + 23, x[i] + twice, y(i) - 25];
      const got = share(i, slot);
      return [
        path(`link${got ? " sent" : ""}${i === latest ? " latest" : ""}`, `M${x1} ${y1}C${x1} ${y1 + 22} ${x2} ${y2 - 22} ${x2} ${y2}`),
        ...(got ? [text((x1 + x2) / 2, (y1 + y2) / 2 + 4, format(got.product), "halo gradient")] : []),
      ];
    }));
    svg.replaceChildren(
      ...edges.map(([path]) => path),
      ...edges.flatMap(([, ...texts]) => texts),
      ...nodes.map((node, i) => h("g", { transform: `translate(${x[i]} ${y(i)})` },
        h("rect", { class: `unit${node.constant ? " constant" : node.name ? " leaf" : ""}`, x: -wide / 2, y: -23, width: wide, height: 46, rx: 6 }),
        text(0, node.op === "constant" ? 4 : -8, node.args.length ? `${label(i)}: ${node.op}` : label(i), "name"),
        ...(node.op === "constant" ? [] : [
          text(0, 5, known(i) ? format(values[i]) : "·"),
          ...(node.constant ? [] : [text(0, 18, gradients.has(i) ? `∂ ${format(gradients.get(i))}` : "", "gradient")]),
        ])))
    );
  }
}
