// Gradient descent in the bowl of recipe 4-3: drag the learning rate across its limit.

import { bowl, centred, loss, points, step } from "./descent-engine.js";
import { addressed, announcer, axes, box, circle, dragged, drawing, drawn, field, fill, format, h, line, number, path, slider, table, within } from "./stage.js";

const WORDS = {
  title: ["Descent explorer", "梯度下降实验台"],
  rate: ["Learning rate", "学习率"],
  steps: ["Steps", "步数"],
  w: ["Start w", "起点w"],
  b: ["Start b", "起点b"],
  centre: ["subtract the mean of x first", "先减去x的均值"],
  bowl: ["The path over lines of equal loss; press anywhere to start there", "等损失线上的路径；点按任意处，从那里出发"],
  curve: ["Loss against steps, both on logarithmic scales", "损失随步数的变化，两轴都取对数"],
  loss: ["loss", "损失"],
  is: [" = ", "（上限的"],
  of: [" of the limit", "）"],
  values: ["The descent in numbers", "下降过程的数值"],
  value: ["value", "数值"],
  bound: ["limit of the learning rate", "学习率的上限"],
  steep: ["factor per step, steep direction", "每步的倍数，陡的方向"],
  flat: ["factor per step, flat direction", "每步的倍数，平的方向"],
  end: ["w, b at the end", "终点的w、b"],
  final: ["loss at the end", "终点的损失"],
  least: ["least possible loss", "最小的损失"],
  diverges: ["It diverges: every step makes the distance across the bowl larger.", "发散：每走一步，离碗底更远。"],
  zigzags: ["It converges from side to side: each step overshoots the bottom.", "左右摆动着收敛：每一步都冲过碗底。"],
  creeps: ["It converges without overshooting.", "收敛，而且不冲过头。"],
};
const START = [1.540996, -0.293429]; // torch.Generator().manual_seed(0), to six decimals
const MAX_STEPS = 5000;
const WINDOW = { x: [-1.5, 2.2], y: [-6, 20] };

export function descent(host, signal) {
  let rate, steps, centre, at, scale; // set from the address below
  const cases = [points, centred(points)].map((data) => ({ data, ...bowl(data) }));
  const then = drawn(render);

  const shown = (value) => `${format(value * cases[centre].bound, 3)}${WORDS.is}${format(100 * value, 1)}%${WORDS.of}`;
  const pace = slider(WORDS.rate, { min: 0.01, max: 1.3, step: 0.01, shown }, then((value) => (rate = value)));
  // Equal moves of the slider multiply the number of steps.
  const many = (value) => Math.round(MAX_STEPS ** value);
  const length = slider(WORDS.steps, { min: 0, max: 1, step: 0.005, shown: (v) => format(many(v)) }, then((v) => (steps = many(v))));
  const starts = [0, 1].map((i) => number(START[i], -1000, 1000, then((value) => (at = at.with(i, value)))));
  const check = h("input", { type: "checkbox", onchange: then(() => (centre = +check.checked)) });
  const plane = drawing(WORDS.bowl, 320, 300, "drag");
  const curve = drawing(WORDS.curve, 320, 300);
  const note = h("p");
  const [values, list] = table([WORDS.values, WORDS.value], WORDS.values);
  const [status, say] = announcer(signal);

  fill(
    host, WORDS.title,
    box("fields", pace.element, length.element, field(WORDS.w, starts[0]), field(WORDS.b, starts[1]), h("label", { class: "check" }, check, WORDS.centre)),
    box("pair", plane, curve),
    note, values, status,
  );
  dragged(plane, then((px, py) => {
    const { x, y, width, height } = scale.inner;
    const part = ([low, high], share) => +(low + share * (high - low)).toFixed(3);
    at = [part(WINDOW.x, (px - x) / width), part(WINDOW.y, 1 - (py - y) / height)];
  }));

  const write = addressed(["rate", "steps", "centre", "w", "b"], (from) => {
    rate = within(from.rate, 0.01, 1.3, 0.43);
    steps = Math.round(within(from.steps, 1, MAX_STEPS, 60));
    centre = +(from.centre === "1");
    at = [within(from.w, -1000, 1000, START[0]), within(from.b, -1000, 1000, START[1])];
    render();
  }, signal);

  function render() {
    const { data, bottom, bound, eigenvalues } = cases[centre];
    const lr = rate * bound;
    const route = [at];
    for (let n = 0; n < steps; n++) route.push(step(data, route[n], lr));
    const losses = route.map((at) => loss(data, at));
    const [end, least] = [losses.at(-1), loss(data, bottom)];
    pace.set(rate);
    length.set(Math.log(steps) / Math.log(MAX_STEPS));
    check.checked = centre;
    starts.forEach((input, i) => input.show(at[i]));
    drawBowl(cases[centre], route);
    drawCurve(losses, least);
    const [flat, steep] = eigenvalues.map((eigenvalue) => 1 - lr * eigenvalue);
    const verdict = steep < -1 ? WORDS.diverges : steep < 0 ? WORDS.zigzags : WORDS.creeps;
    note.textContent = verdict;
    list([
      [WORDS.bound, format(bound)],
      [WORDS.steep, format(steep)],
      [WORDS.flat, format(flat, 6)],
      [WORDS.end, route.at(-1).map((value) => format(value)).join(", ")],
      [WORDS.final, format(end)],
      [WORDS.least, format(least)],
    ]);
    say(`${verdict} ${WORDS.final}: ${format(end)}`);
    const [w, b] = at.join() === START.join() ? [] : at;
    write({ rate, steps, centre: centre || null, w, b });
  }

  function drawBowl({ bottom, eigenvalues, eigenvectors }, route) {
    scale = axes({ width: 320, height: 300, ...WINDOW, labels: ["w", "b"] });
    const ring = (height) => {
      const [u, v] = eigenvalues.map((eigenvalue, i) => eigenvectors[i].map((part) => part * Math.sqrt((2 * height) / eigenvalue)));
      const turn = Array.from({ length: 181 }, (_, i) => (i * Math.PI) / 90);
      return turn.map((t) => bottom.map((centre, i) => centre + u[i] * Math.cos(t) + v[i] * Math.sin(t)));
    };
    const finite = route.filter((at) => at.every((value) => Math.abs(value) < 1e4));
    scale.into(
      plane,
      ...[1, 10, 100, 1000, 1e4].map((height) => path("ring", line(ring(height), scale))),
      path("curve s1", line(finite, scale)),
      ...finite.slice(0, 200).map(([w, b], i) => circle("s1", scale.x(w), scale.y(b), i ? 2.5 : 5)),
      path("bottom", `M${scale.x(bottom[0]) - 7} ${scale.y(bottom[1])}h14m-7-7v14`),
    );
  }

  function drawCurve(losses, least) {
    const shown = losses.map((each, n) => [Math.log10(n + 1), Math.log10(each)]).filter(([, each]) => Number.isFinite(each));
    const [low, high] = [Math.log10(least), Math.min(40, Math.max(...shown.map(([, each]) => each)))];
    const room = 0.06 * (high - low) + 0.1;
    const axis = axes({ width: 320, height: 300, x: [0, Math.log10(MAX_STEPS + 1)], y: [low - room, high + room], labels: [WORDS.steps, WORDS.loss], power: true });
    const [x, y] = shown.at(-1);
    axis.into(
      curve,
      path("floor", `M0 ${axis.y(low)}h${axis.inner.width}`),
      path("curve s1", line(shown, axis)),
      circle("s1", axis.x(x), axis.y(y), 4),
    );
  }
}
