// Gradient descent in the bowl of recipe 4-3: drag the learning rate across its bound.

import { bowl, centred, loss, points, step } from "./descent-engine.js";
import { addressed, announcer, axes, box, circle, dragged, drawing, field, fill, format, h, inLanguage, line, number, path, slider, table, within } from "./stage.js";

const WORDS = {
  title: ["Gradient descent explorer", "梯度下降实验台"],
  rate: ["Learning rate", "学习率"],
  steps: ["Steps", "步数"],
  w: ["Start w", "起点w"],
  b: ["Start b", "起点b"],
  centre: ["subtract the mean of x first", "先减去x的平均值"],
  bowl: ["The path over lines of equal loss; press anywhere to start there", "等损失线上的路径；点按图中任意处，从那里出发"],
  curve: ["Loss against steps, both on logarithmic scales", "损失随步数的变化，两轴都取对数"],
  loss: ["loss", "损失"],
  of: ["of the bound", "（占上限的比例）"],
  values: ["The descent in numbers", "下降过程的数值"],
  value: ["value", "数值"],
  bound: ["bound of the learning rate", "学习率的上限"],
  steep: ["factor per step, steep direction", "每步的倍数，陡的方向"],
  flat: ["factor per step, flat direction", "每步的倍数，平的方向"],
  end: ["w, b at the end", "终点的w、b"],
  final: ["loss at the end", "终点的损失"],
  least: ["least possible loss", "最小的损失"],
  diverges: ["It diverges: every step makes the distance across the bowl larger.", "发散：每一步都让横跨碗的距离变大。"],
  zigzags: ["It converges from side to side: each step overshoots the bottom.", "左右摆动着收敛：每一步都冲过碗底。"],
  creeps: ["It converges without overshooting.", "收敛，而且不冲过头。"],
};
const START = [1.540996, -0.293429]; // torch.Generator().manual_seed(0), to six decimals
const MAX_STEPS = 5000;
const WINDOW = { x: [-1.5, 2.2], y: [-6, 20] };

export function mount(host, signal) {
  const words = inLanguage(WORDS);
  const state = { rate: 0.43, steps: 60, centre: false, at: START };
  const data = { false: points, true: centred(points) };
  const bowls = { false: bowl(data.false), true: bowl(data.true) };

  const set = (key) => (value) => {
    state[key] = value;
    render();
  };
  const rateText = (value) => `${format(value * bowls[state.centre].bound, 3)} = ${format(100 * value, 1)}% ${words.of}`;
  const rate = slider(words.rate, { min: 0.01, max: 1.3, step: 0.01, shown: rateText }, set("rate"));
  // Equal moves of the slider multiply the number of steps.
  const many = (value) => Math.round(MAX_STEPS ** value);
  const steps = slider(words.steps, { min: 0, max: 1, step: 0.005, shown: (v) => format(many(v)) }, (v) => set("steps")(many(v)));
  const starts = [0, 1].map((i) =>
    number(START[i], { min: -1000, max: 1000 }, (value) => set("at")(state.at.with(i, value))));
  const centre = h("input", { type: "checkbox", onchange: () => set("centre")(centre.checked) });
  const plane = drawing(words.bowl, 320, 300, "drag");
  const curve = drawing(words.curve, 320, 300);
  const note = h("p");
  const [values, list] = table([words.values, words.value], words.values);
  const [status, say] = announcer(signal);

  fill(
    host, words.title,
    box("fields", rate.element, steps.element, field(words.w, starts[0]), field(words.b, starts[1]), h("label", { class: "check" }, centre, words.centre)),
    box("pair", plane, curve),
    note, values, status,
  );
  let scale;
  dragged(plane, (px, py) => {
    const { inner } = scale;
    const part = ([low, high], share) => +(low + share * (high - low)).toFixed(3);
    set("at")([part(WINDOW.x, (px - inner.x) / inner.width), part(WINDOW.y, 1 - (py - inner.y) / inner.height)]);
  });

  const write = addressed(["rate", "steps", "centre", "w", "b"], (from) => {
    state.rate = within(from.rate, 0.01, 1.3, 0.43);
    state.steps = Math.round(within(from.steps, 1, MAX_STEPS, 60));
    state.centre = from.centre === "1";
    state.at = [within(from.w, -1000, 1000, START[0]), within(from.b, -1000, 1000, START[1])];
    render();
  }, signal);

  function render() {
    const here = data[state.centre];
    const shape = bowls[state.centre];
    const lr = state.rate * shape.bound;
    const route = [state.at];
    for (let n = 0; n < state.steps; n++) route.push(step(here, route[n], lr));
    const losses = route.map((at) => loss(here, at));
    rate.set(state.rate);
    steps.set(Math.log(state.steps) / Math.log(MAX_STEPS));
    centre.checked = state.centre;
    starts.forEach((input, i) => {
      if (document.activeElement !== input) input.value = state.at[i];
    });
    drawBowl(shape, route);
    drawCurve(losses, loss(here, shape.bottom));
    const [flat, steep] = shape.eigenvalues.map((eigenvalue) => 1 - lr * eigenvalue);
    const verdict = words[steep < -1 ? "diverges" : steep < 0 ? "zigzags" : "creeps"];
    note.textContent = verdict;
    list([
      [words.bound, format(shape.bound)],
      [words.steep, format(steep)],
      [words.flat, format(flat, 6)],
      [words.end, route.at(-1).map((value) => format(value)).join(", ")],
      [words.final, format(losses.at(-1))],
      [words.least, format(loss(here, shape.bottom))],
    ]);
    say(`${verdict} ${words.final}: ${format(losses.at(-1))}`);
    const moved = state.at.some((value, i) => value !== START[i]);
    write({ rate: state.rate, steps: state.steps, centre: state.centre ? 1 : null, w: moved ? state.at[0] : null, b: moved ? state.at[1] : null });
  }

  function drawBowl({ bottom, eigenvalues, eigenvectors }, route) {
    scale = axes({ width: 320, height: 300, ...WINDOW, labels: ["w", "b"] });
    const ring = (height) => {
      const [u, v] = eigenvalues.map((eigenvalue, i) => eigenvectors[i].map((part) => part * Math.sqrt((2 * height) / eigenvalue)));
      const turn = Array.from({ length: 181 }, (_, i) => (i * Math.PI) / 90);
      return turn.map((t) => [0, 1].map((i) => bottom[i] + u[i] * Math.cos(t) + v[i] * Math.sin(t)));
    };
    const [x, y] = [scale.x(bottom[0]), scale.y(bottom[1])];
    const finite = route.filter((at) => at.every((value) => Math.abs(value) < 1e4));
    plane.replaceChildren(
      ...scale.frame,
      scale.area(
        ...[1, 10, 100, 1000, 1e4].map((height) => path("ring", line(ring(height), scale))),
        path("curve s1", line(finite, scale)),
        ...finite.slice(0, 200).map((at, i) => circle("s1", scale.x(at[0]), scale.y(at[1]), i ? 2.5 : 5)),
        path("bottom", `M${x - 7} ${y}h14M${x} ${y - 7}v14`),
      ),
    );
  }

  function drawCurve(losses, least) {
    const shown = losses.map((each) => Math.log10(each)).map((each, n) => [Math.log10(n + 1), each]).filter(([, each]) => Number.isFinite(each));
    const [low, high] = [Math.log10(least), Math.min(40, Math.max(...shown.map(([, each]) => each)))];
    const room = 0.06 * (high - low) + 0.1;
    const axis = axes({ width: 320, height: 300, x: [0, Math.log10(MAX_STEPS + 1)], y: [low - room, high + room], labels: [words.steps, words.loss], power: true });
    curve.replaceChildren(
      ...axis.frame,
      axis.area(
        path("floor", `M0 ${axis.y(low)}h${axis.inner.width}`),
        path("curve s1", line(shown, axis)),
        circle("s1", axis.x(shown.at(-1)[0]), axis.y(shown.at(-1)[1]), 4),
      ),
    );
  }
}
