// The autograd explorer: an expression, its graph, values forwards and gradients
// backwards, one operation at a step.

import { differentiate, evaluate, functionNames, parse } from "./autograd-engine.js";
import { addressed, announcer, box, button, drawing, field, fill, format, h, number, path, scroller, select, sums, table, text, within } from "./stage.js";

const WORDS = {
  title: ["Autograd explorer", "自动微分实验台"],
  expression: ["Expression", "表达式"],
  examples: ["Examples", "例子"],
  own: ["your own", "自己写的"],
  step: ["Step", "单步"],
  back: ["Undo", "撤销"],
  all: ["All", "全部"],
  restart: ["Restart", "重置"],
  graph: ["The computational graph; its numbers are in the table below", "计算图；其中的数也列在下面"],
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
  long: ["The largest number of nodes is", "节点数上限："],
  function: ["No such function here:", "不支持的函数："],
  variable: ["There is no variable in it: nothing to differentiate with respect to.", "里面没有变量，无从求导。"],
  known: ["Known are + − * / ** and", "可用的有+ − * / **，以及"],
};
const MISTAKES = {
  character: WORDS.character,
  unexpected: WORDS.unexpected,
  end: WORDS.end,
  long: WORDS.long,
  function: WORDS.function,
  variable: WORDS.variable,
};
const EXAMPLES = ["2*x**2 + 5*x + 6", "sigmoid(w*x + b)", "(sigmoid(w*x + b) - y)**2", "x*x*x", "exp(-x**2 / 2)", "relu(w*x + b) + x"];
const USUAL = { x: 12.5, w: 0.5, b: -6, y: 1 };

export function autograd(host, signal) {
  let expr, at, nodes, values, pass, steps, mistake;

  const input = h("input", { type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", maxlength: 120, oninput: () => begin(input.value) });
  const examples = select({ "": WORDS.own, ...Object.fromEntries(EXAMPLES.map((each) => [each, each])) }, (each) => each && begin(each));
  const places = box("fields");
  /** The nodes that an operation computes, in order. */
  const computed = () => nodes.flatMap((node, i) => (node.args.length ? [i] : []));
  const total = () => (nodes ? computed().length + pass.steps.length + 1 : 0);
  const goes = (label, to) => button(label, () => {
    steps = Math.max(0, Math.min(total(), to()));
    render();
  });
  const buttons = [
    goes(WORDS.step, () => steps + 1),
    goes(WORDS.all, total),
    goes(WORDS.back, () => steps - 1),
    goes(WORDS.restart, () => 0),
  ];
  const svg = drawing(WORDS.graph, 1, 1);
  const [note, tell] = sums(WORDS.title);
  const [listing, list] = table([WORDS.node, WORDS.operation, WORDS.value, WORDS.gradient], WORDS.table);
  const [status, say] = announcer(signal);
  fill(
    host, WORDS.title,
    box("fields", field(WORDS.expression, input), field(WORDS.examples, examples)),
    places,
    box("buttons", ...buttons),
    note,
    scroller(WORDS.title, svg),
    listing, status,
  );

  const write = addressed(["expr", "at", "step"], (from) => {
    at = { ...USUAL };
    for (const pair of from.at.split(",")) {
      const [name, value] = pair.split(":");
      if (/^[A-Za-z_]\w*$/.test(name)) at[name] = within(value, -1e6, 1e6, 1);
    }
    begin((from.expr || EXAMPLES[0]).slice(0, 120), within(from.step, 0, 99, 0));
  }, signal);

  function begin(expression, reached = 0) {
    expr = expression;
    if (document.activeElement !== input) input.value = expr;
    examples.value = EXAMPLES.includes(expr) ? expr : "";
    nodes = null;
    places.replaceChildren();
    try {
      nodes = parse(expr);
      for (const { name } of nodes) {
        if (!name) continue;
        at[name] ??= 1;
        places.append(field(name, number(at[name], -1e6, 1e6, (value) => {
          at[name] = value;
          compute();
          render();
        })));
      }
      compute();
    } catch (error) {
      if (!error.what) throw error;
      mistake = error;
    }
    input.setAttribute("aria-invalid", !nodes);
    steps = Math.min(reached, total());
    render();
  }
  function compute() {
    values = evaluate(nodes, at);
    pass = differentiate(nodes, values);
  }
  const label = (i) => nodes[i].name ?? (nodes[i].op === "constant" ? format(nodes[i].value) : `v${computed().indexOf(i) + 1}`);
  const shown = (value) => (value < 0 ? `(${format(value)})` : format(value));
  function written(i, as) {
    const { op, args } = nodes[i];
    const [a, b] = args.map(as);
    return op === "neg" ? `−${a}` : b === undefined ? `${op}(${a})` : `${a} ${op === "-" ? "−" : op} ${b}`;
  }

  function render() {
    for (const each of buttons) each.disabled = !nodes;
    if (!nodes) {
      const what = `${MISTAKES[mistake.what]} ${mistake.found}`;
      tell([what, `${WORDS.known} ${functionNames.join(", ")}`]);
      svg.replaceChildren();
      list([]);
      say(what);
      return;
    }
    const order = computed();
    const sent = pass.steps.slice(0, Math.max(0, steps - order.length - 1));
    const gradients = [];
    if (steps > order.length) gradients[nodes.length - 1] = 1;
    for (const { to, product } of sent.flatMap((each) => each.sent)) gradients[to] = (gradients[to] ?? 0) + product;
    /** What of a node is known by now. */
    const value = (i) => (nodes[i].args.length && order.indexOf(i) >= steps ? "·" : format(values[i]));
    const gradient = (i, before, otherwise) => (gradients[i] === undefined ? otherwise : before + format(gradients[i]));

    const lines = explain(order, sent, gradients);
    tell(lines);
    say(lines.join(" "));
    list(nodes.map((node, i) => [
      label(i), node.args.length ? written(i, label) : "", value(i), node.constant ? WORDS.none : gradient(i, "", "·"),
    ]));
    draw(value, gradient, sent);
    const changed = nodes.filter(({ name }) => name && at[name] !== (USUAL[name] ?? 1)).map(({ name }) => `${name}:${at[name]}`);
    write({ expr: expr === EXAMPLES[0] ? null : expr, at: changed.join() || null, step: steps || null });
  }

  function explain(order, sent, gradients) {
    if (!steps) return [WORDS.ready];
    if (steps <= order.length) {
      const i = order[steps - 1];
      return [`${label(i)} = ${written(i, label)} = ${written(i, (k) => shown(values[k]))} = ${format(values[i])}`];
    }
    if (!sent.length) return [WORDS.seed];
    const { index, gradient, sent: shares } = sent.at(-1);
    return [
      ...shares.map(({ to, local, product }) => {
        const twice = sent.flatMap((each) => each.sent).filter((each) => each.to === to).length > 1;
        const sum = twice ? `: ${format(gradients[to] - product)} + ${shown(product)} = ${format(gradients[to])}` : "";
        return `${label(index)} ${WORDS.sends} ${shown(gradient)} · ${shown(local)} = ${format(product)} → ${label(to)}${sum}`;
      }),
      ...(sent.length === pass.steps.length ? [WORDS.done] : []),
    ];
  }

  function draw(value, gradient, sent) {
    // A node stands one row above the nodes that use it; the result at the bottom.
    const users = nodes.map((_, i) => nodes.flatMap(({ args }, k) => args.filter((j) => j === i).map(() => k)));
    const [height, rows, x] = [[], [], []];
    for (let i = nodes.length - 1; i >= 0; i--) {
      height[i] = Math.max(-1, ...users[i].map((k) => height[k])) + 1;
      (rows[height[i]] ??= []).unshift(i);
    }
    const width = Math.max(3, ...rows.map((row) => row.length)) * 112;
    for (const row of rows) {
      // Each near the middle of its users.
      const wish = (i) => users[i].reduce((total, k) => total + x[k], 0) / users[i].length;
      row.sort((a, b) => wish(a) - wish(b)).forEach((i, place) => (x[i] = ((place + 0.5) / row.length) * width));
    }
    const y = (i) => (rows.length - 1 - height[i]) * 86 + 28;
    svg.setAttribute("viewBox", `0 0 ${width} ${rows.length * 86 - 22}`);
    svg.style.minWidth = `${0.85 * width}px`; // so that three abreast fit a phone
    const edges = nodes.flatMap(({ args }, i) => args.map((j, slot) => {
      const aside = args[0] === args[1] ? slot * 48 - 24 : 0;
      const [x1, y1, x2, y2] = [x[j] + aside, y(j) + 23, x[i] + aside, y(i) - 25];
      const share = sent.find(({ index }) => index === i)?.sent.find((each) => each.slot === slot);
      return [
        path(`link${share ? " sent" : ""}${i === sent.at(-1)?.index ? " latest" : ""}`, `M${x1} ${y1}C${x1} ${y1 + 22} ${x2} ${y2 - 22} ${x2} ${y2}`),
        text((x1 + x2) / 2, (y1 + y2) / 2 + 4, share ? format(share.product) : "", "halo gradient"),
      ];
    }));
    svg.replaceChildren(
      ...edges.map(([path]) => path),
      ...edges.map(([, text]) => text),
      ...nodes.map((node, i) => h("g", { transform: `translate(${x[i]} ${y(i)})` },
        h("rect", { class: `unit${node.constant ? " constant" : node.name ? " leaf" : ""}`, x: -52, y: -23, width: 104, height: 46, rx: 6 }),
        text(0, -8, node.args.length ? `${label(i)}: ${node.op}` : node.name ?? "", "name"),
        text(0, 5, value(i)),
        text(0, 18, node.constant ? "" : gradient(i, "∂ ", ""), "gradient"))),
    );
  }
}
