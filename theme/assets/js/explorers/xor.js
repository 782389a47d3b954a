// The XOR explorer: the 2-3-1 network with every number in it, step by step or thousands
// of epochs at a run.

import { NAMES, POST, TARGET, X, Y, batches, epoch, forward, fromSeed, lossesOf, pass, start, update } from "./xor-engine.js";
import { addressed, announcer, axes, box, button, circle, drawing, field, fill, format, h, line, number, path, scroller, select, sums, table, text, within } from "./stage.js";

const WORDS = {
  title: ["XOR explorer", "异或实验台"],
  start: ["Start", "起点"],
  post: ["the post's weights", "原帖的权重"],
  seed: ["Seed", "种子"],
  rows: ["Rows", "样本"],
  all: ["full batch", "全批量"],
  cyclic: ["row by row", "逐行"],
  only: ["only", "只用"],
  loss: ["Loss", "损失"],
  mse: ["MSE of σ(z₂)", "σ(z₂)的MSE"],
  bce: ["BCE with logits", "BCE"],
  optimizer: ["Optimizer", "优化器"],
  momentum: ["SGD, momentum 0.9", "SGD，动量0.9"],
  lr: ["Learning rate", "学习率"],
  look: ["Row shown", "显示的样本"],
  step: ["Step", "单步"],
  epoch: ["Epoch", "一轮"],
  run: ["Run", "运行"],
  pause: ["Pause", "暂停"],
  undo: ["Undo", "撤销"],
  reset: ["Reset", "重置"],
  network: ["The network; its numbers are in the lists and tables below", "网络图；其中的数也列在下面"],
  surface: ["Output over the plane of inputs; border where it is 0.5", "输入平面上的输出；分界处是0.5"],
  curve: ["Loss over all four rows against epochs", "四行的损失随轮数变化"],
  epochs: ["epochs", "轮"],
  single: ["epoch", "轮"],
  slow: ["Run slowly", "慢放"],
  ready: ["Press Step: the arithmetic appears here.", "点按“单步”，这里写出算式。"],
  hiddenForwards: ["Forwards: the hidden layer", "前向：隐藏层"],
  outputForwards: ["Forwards: the output", "前向：输出"],
  theLoss: ["The loss", "损失"],
  outputBackwards: ["Backwards: the output unit", "反向：输出单元"],
  hiddenBackwards: ["Backwards: the hidden layer", "反向：隐藏层"],
  theUpdate: ["The update", "更新"],
  parameters: ["All 13 parameters", "13个参数"],
  parameter: ["parameter", "参数"],
  value: ["value", "数值"],
  gradient: ["gradient", "梯度"],
  learnt: ["MSE below 0.01 first after epoch", "MSE首次低于0.01的轮数："],
  alike: [" rows alike: ", "行同答："],
};
const PHASES = [WORDS.ready, WORDS.hiddenForwards, WORDS.outputForwards, WORDS.theLoss, WORDS.outputBackwards, WORDS.hiddenBackwards, WORDS.theUpdate];
const ROWS = Object.fromEntries(X.map((x, row) => [row, `(${x}) → ${Y[row]}`]));
const CHOICES = {
  rows: { all: WORDS.all, cyclic: WORDS.cyclic, ...Object.fromEntries(X.map((_, row) => [row, `${WORDS.only} ${ROWS[row]}`])) },
  loss: { mse: WORDS.mse, bce: WORDS.bce },
  optimizer: { sgd: "SGD", momentum: WORDS.momentum, adam: "Adam" },
};
const MAX_EPOCHS = 200000;
const MAX_SEED = 2 ** 32 - 1;
/** The least loss of a network that gives 4, 3 or 2 rows the same answer, and is right
 * on the others: the best constant is the mean of their targets. */
const FLOORS = { mse: [1 / 4, 1 / 6, 1 / 8], bce: [Math.log(2), (3 * Math.log(3) - 2 * Math.log(2)) / 4, Math.log(2) / 2] };

export function xor(host, signal) {
  let origin, runs, now, before, losses, learnt, phase, batch, seen; // see restart()
  let settings, shown = 0, past = [], running = 0;
  const [status, say] = announcer(signal);

  // -- the training ---------------------------------------------------------------

  const record = () => {
    losses.push(lossesOf(now.p));
    if (learnt === null && losses.at(-1).mse < TARGET) learnt = count();
  };
  function restart() {
    before = start(origin === "post" ? POST : fromSeed(origin));
    [runs, losses, learnt] = [[], [], null];
    configure(settings);
    record();
  }
  /** Train with other settings from here on, as with a new optimizer. */
  function configure(next) {
    settings = next;
    now = before = start(before.p);
    phase = batch = 0;
    if (runs.at(-1)?.epochs === 0) runs.pop();
    runs.push({ ...settings, epochs: 0 });
    look();
  }
  const look = () => (seen = pass(now.p, batches(settings.rows)[batch], settings.loss));
  function step() {
    phase %= 6;
    if (!phase) look();
    if (++phase < 6) return;
    now = update(now, seen.gradient, settings.optimizer, settings.lr);
    batch = (batch + 1) % batches(settings.rows).length;
    if (!batch) ended();
  }
  function ended() {
    before = now;
    runs.at(-1).epochs++;
    record();
  }
  function oneEpoch() {
    if (batch || phase % 6) {
      const { length } = losses;
      while (losses.length === length) step();
    } else {
      now = epoch(now, settings);
      ended();
    }
    phase = 0;
  }
  const count = () => losses.length - 1;
  const finite = () => now.p.every(Number.isFinite);

  // -- the way here: start, runs and steps lead to the same state again -----------------

  function way() {
    const all = runs.map((run) => [run.rows, run.loss, run.optimizer, run.lr, run.epochs]);
    let steps = batch * 6 + (phase % 6);
    if (phase === 6 && !batch) {
      all.at(-1)[4]--; // its last update is still on show
      steps = 6 * batches(settings.rows).length;
    }
    return { start: `${origin}`, run: all.map((run) => run.join("-")).join("_"), step: steps || null, row: shown || null };
  }
  /** The way again, an epoch at a time; all runs of an address together are bounded. */
  function* again(from) {
    origin = within(from.start, 0, MAX_SEED, "post");
    const plan = from.run.split("_").map((run) => run.split("-")).filter((run) => ["rows", "loss", "optimizer"].every((key, i) => Object.hasOwn(CHOICES[key], run[i])));
    settings = { rows: "all", loss: "mse", optimizer: "sgd", lr: 1 };
    const runsAt = ([rows, loss, optimizer, lr]) => ({ rows, loss, optimizer, lr: within(lr, 0.00001, 1000, 1) });
    if (plan[0]) settings = runsAt(plan[0]);
    restart();
    shown = within(from.row, 0, 3, 0);
    for (const run of plan) {
      yield configure(runsAt(run));
      for (let n = run[4]; n > 0 && count() < 2 * MAX_EPOCHS && finite(); n--) yield oneEpoch();
    }
    for (let n = within(from.step, 0, 24, 0); n > 0; n--) step();
  }
  const act = (action) => (value) => {
    stop();
    past.push(way());
    action(value);
    render();
  };
  const undo = () => work(again(past.pop()));

  // -- running ------------------------------------------------------------------------

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** Do what takes long in slices, so that the tab goes on answering; then what is next. */
  function work(task, next, watched) {
    const end = performance.now() + (still.matches ? 400 : watched ? 0 : 10);
    stop();
    while (!task.next().done)
      if (performance.now() > end) {
        running = requestAnimationFrame(() => work(task, next, watched));
        return render();
      }
    render();
    next?.();
  }
  function* epochs(until) {
    const already = learnt;
    while (count() < until && learnt === already && finite()) yield oneEpoch();
  }
  function run(until) {
    past.push(way());
    work(epochs(until), null, slow.checked); // then each epoch is seen
  }
  function stop() {
    cancelAnimationFrame(running);
    running = 0;
  }
  signal.addEventListener("abort", stop);

  // -- the controls -------------------------------------------------------------------

  const set = (key) => act((value) => configure({ ...settings, [key]: value }));
  const begin = act((value) => {
    origin = value;
    restart();
  });
  const seed = number(0, 0, MAX_SEED, begin);
  seed.step = 1;
  const starts = select({ post: WORDS.post, seed: "torch.manual_seed" }, (kind) => begin(kind === "post" ? kind : seed.valueAsNumber || 0));
  const choices = Object.keys(CHOICES).map((key) => select(CHOICES[key], set(key)));
  const lr = number(1, 0.00001, 1000, set("lr"));
  const rows = select(ROWS, (row) => {
    shown = +row;
    render();
  });
  const slow = h("input", { type: "checkbox" });
  const runner = button(WORDS.run, () => {
    if (!running) return run(MAX_EPOCHS);
    stop();
    render();
  });
  const undoer = button(WORDS.undo, undo);
  const network = drawing(WORDS.network, 420, 330);
  network.style.minWidth = "306px"; // its numbers have 8 px then
  const surface = drawing(WORDS.surface, 320, 270);
  const curve = drawing(WORDS.curve, 320, 270);
  const heading = h("p", { class: "phase" });
  const counter = h("p", { class: "counter" });
  const [arithmetic, spell] = sums(WORDS.title);
  const [parameters, list] = table([WORDS.parameter, WORDS.value, WORDS.gradient], WORDS.parameters);

  fill(
    host, WORDS.title,
    box("fields", field(WORDS.start, starts), field(WORDS.seed, seed), field(WORDS.rows, choices[0]), field(WORDS.loss, choices[1]), field(WORDS.optimizer, choices[2]), field(WORDS.lr, lr), field(WORDS.look, rows), h("label", { class: "check" }, slow, WORDS.slow)),
    box("buttons", button(WORDS.step, act(step)), button(WORDS.epoch, act(oneEpoch)), runner, undoer, button(WORDS.reset, act(restart)), counter),
    scroller(WORDS.title, network),
    box("pair", surface, curve),
    heading, arithmetic,
    h("details", null, h("summary", null, WORDS.parameters), parameters),
    status,
  );
  const write = addressed(["start", "run", "step", "row", "watch"], (from) => {
    past = [];
    const watch = within(from.watch, 1, MAX_EPOCHS, 0);
    work(again(from), () => watch && run(count() + watch));
  }, signal, host.dataset.state);

  // -- drawing ------------------------------------------------------------------------

  function render() {
    starts.value = origin === "post" ? origin : "seed";
    seed.disabled = origin === "post";
    if (!seed.disabled) seed.show(origin);
    Object.keys(CHOICES).forEach((key, i) => (choices[i].value = settings[key]));
    lr.show(settings.lr);
    rows.value = shown;
    runner.textContent = running ? WORDS.pause : WORDS.run;
    undoer.disabled = !past.length;
    drawNetwork();
    drawSurface();
    drawCurve();
    explain();
    if (!running) {
      say(`${ran()}, MSE ${format(losses.at(-1).mse)}. ${phase ? PHASES[phase] : ""}`);
      write(way());
    }
  }

  /** What of the network is known at this step, for the row that is shown. */
  function view() {
    if (!phase) return [forward(now.p, X[shown], Y[shown])];
    const index = Math.max(0, seen.forwards.findIndex((f) => f.x === X[shown]));
    return [seen.forwards[index], seen.backwards[index]];
  }

  function drawNetwork() {
    const [f, b] = view();
    const { p } = now;
    const inputs = [90, 240].map((y) => [46, y]);
    const hidden = [55, 165, 275].map((y) => [148, y]);
    const edges = [
      ...hidden.flatMap((to, i) => inputs.map((from, j) => [from, to, 2 * i + j, 0.78])),
      ...hidden.map(([, y], i) => [[254, y], [326, 165], 9 + i, 0.45]),
    ];
    const marks = edges.map(([[x1, y1], [x2, y2], k, t]) => {
      const [x, kind] = k < 9 ? [144, "halo end"] : [x1 + t * (x2 - x1), "halo"];
      const y = y1 + t * (y2 - y1);
      return [
        path(p[k] < 0 ? "negative" : "positive", `M${x1} ${y1}L${x2} ${y2}`, { "stroke-width": Math.min(8, 0.6 + Math.abs(p[k])) }),
        text(x, y, format(p[k]), kind),
        text(x, y + 12, phase < (k > 8 ? 4 : 5) ? "" : `∂ ${format(seen.gradient[k])}`, `${kind} gradient`),
      ];
    });
    const cell = (x, y, width, name, lines) => [
      h("rect", { class: "unit", x, y: y - 6 - lines.length * 7, width, height: 22 + lines.length * 14, rx: 6 }),
      text(x + width / 2, y + 9 - lines.length * 7, name, "name"),
      ...lines.map(([written, value, kind], i) => text(x + width / 2, y + 23 + (i - lines.length / 2) * 14, `${written} ${value === undefined ? "·" : format(value)}`, kind)),
    ];
    /** A unit's lines; its values come at step `forwards`, its gradients at `backwards`. */
    const unit = (bias, z, a, gradient, name, forwards, backwards) => [
      ["b", p[bias]],
      ...(phase < backwards ? [] : [["∂", seen.gradient[bias], "gradient"]]),
      ["z", phase < forwards ? undefined : z],
      [name, phase < forwards ? undefined : a],
      ["δ", phase < backwards ? undefined : gradient, "gradient"],
    ];
    network.replaceChildren(
      ...marks.map(([path]) => path),
      ...marks.flatMap(([, ...texts]) => texts),
      ...inputs.flatMap(([, y], j) => cell(4, y, 42, `x${"₁₂"[j]}`, [["", f.x[j]]])),
      ...hidden.flatMap(([x, y], i) => cell(x, y, 106, `h${"₁₂₃"[i]}`, unit(6 + i, f.z1[i], f.a1[i], b?.z1[i], "a", 1, 5))),
      ...cell(326, 165, 92, "ŷ", [...unit(12, f.z2, f.y_hat, b?.z2, "ŷ", 2, 4), ["y", f.y]]),
    );
  }

  function drawSurface() {
    const scale = axes({ width: 320, height: 270, x: [-0.25, 1.25], y: [-0.25, 1.25], labels: ["x₁", "x₂"] });
    const levels = new Array(10).fill("");
    const [wide, high] = [scale.inner.width / 30, scale.inner.height / 30];
    for (let i = 0; i < 900; i++) {
      const [column, row] = [i % 30, Math.floor(i / 30) + 0.5];
      const { y_hat } = forward(now.p, [(column - 4.5) / 20, (25 - row) / 20], 0);
      levels[Math.min(9, Math.floor(10 * y_hat))] += `M${column * wide} ${row * high}h${wide + 0.1}`;
    }
    const each = (mark) => X.map(([x1, x2], row) => mark(scale.x(x1), scale.y(x2), row));
    scale.into(
      surface,
      ...levels.map((d, level) => path("", d, { stroke: `var(--h${level})`, "stroke-width": high + 0.1 })),
      ...each((x, y, row) => (Y[row] ? h("rect", { class: "row", x: x - 6, y: y - 6, width: 12, height: 12 }) : circle("row", x, y, 7))),
      ...each((x, y, row) => text(x, y + 21, format(forward(now.p, X[row], 0).y_hat, 3), "halo")),
    );
  }

  function drawCurve() {
    const floors = FLOORS[settings.loss];
    const stride = Math.ceil(losses.length / 400);
    const points = losses.map((each, n) => [n, each[settings.loss]]).filter(([n]) => n % stride === 0 || n === count());
    const top = Math.min(1.5, Math.max(1.3 * floors[0], ...points.map(([, loss]) => 1.05 * loss || 0)));
    const scale = axes({ width: 320, height: 270, x: [0, Math.max(10, count())], y: [0, top], labels: [WORDS.epochs, settings.loss.toUpperCase()] });
    const [x, y] = points.at(-1);
    scale.into(
      curve,
      ...floors.flatMap((floor, i) => [
        path("floor", `M0 ${scale.y(floor)}h${scale.inner.width}`),
        text(scale.inner.width - 3, scale.y(floor) - 3, `${4 - i}${WORDS.alike}${format(floor)}`, "halo end"),
      ]),
      path("curve s0", line(points, scale)),
      circle("s0", scale.x(x), scale.y(y), 4),
    );
  }

  const ran = () => `${format(count())} ${count() === 1 ? WORDS.single : WORDS.epochs}`;

  function explain() {
    const { mse, bce } = losses.at(-1);
    counter.textContent = `${ran()} · MSE ${format(mse, 6)} · BCE ${format(bce, 6)}${learnt === null ? "" : ` · ${WORDS.learnt} ${format(learnt)}`}`;
    heading.textContent = PHASES[phase];
    spell(phase ? calculation() : []);
    list(NAMES.map((name, k) => [name, format(now.p[k], 6), phase < (k > 8 ? 4 : 5) ? "·" : format(seen.gradient[k], 6)]));
  }

  /** The lines of this step, each number as it went in. */
  function calculation() {
    const [f, b] = view();
    const n = seen.forwards.length;
    const { p } = seen;
    const s = (value) => (value < 0 ? `(${format(value)})` : format(value));
    const times = (...factors) => factors.map(s).join("·");
    const units = (lines) => [0, 1, 2].flatMap((i) => lines(i, `[${i + 1}]`));
    /** The gradient of parameter k, and how the rows add up to it. */
    const total = (k, one, product) =>
      `∂L/∂${NAMES[k]} = ${n > 1 ? `Σ ${one} = ${seen.backwards.map((each) => s(each.p[k])).join(" + ")}` : product ?? one} = ${format(seen.gradient[k])}`;
    const mse = settings.loss === "mse";
    const share = n > 1 ? `/${n}` : "";
    const loss = format(f[settings.loss]);
    return [
      () => units((i, at) => [
        `z₁${at} = ${times(p[2 * i], f.x[0])} + ${times(p[2 * i + 1], f.x[1])} + ${s(p[6 + i])} = ${format(f.z1[i])}`,
        `a₁${at} = σ(${format(f.z1[i])}) = ${format(f.a1[i])}`,
      ]),
      () => [
        `z₂ = ${units((i) => times(p[9 + i], f.a1[i])).join(" + ")} + ${s(p[12])} = ${format(f.z2)}`,
        `ŷ = σ(${format(f.z2)}) = ${format(f.y_hat)}`,
      ],
      () => [
        mse ? `(ŷ − y)² = (${format(f.y_hat)} − ${f.y})² = ${loss}`
          : f.y ? `−log ŷ = −log ${format(f.y_hat)} = ${loss}` : `−log(1 − ŷ) = −log(1 − ${format(f.y_hat)}) = ${loss}`,
        `L = ${n > 1 ? `(${seen.forwards.map((each) => format(each[settings.loss])).join(" + ")})${share} = ` : ""}${format(seen.loss)}`,
      ],
      () => [
        ...(mse ? [
          `∂L/∂ŷ = 2(ŷ − y)${share} = ${format(b.y_hat)}`,
          `δ₂ = ∂L/∂ŷ·ŷ(1 − ŷ) = ${times(b.y_hat, f.y_hat, 1 - f.y_hat)} = ${format(b.z2)}`,
        ] : [`δ₂ = (ŷ − y)${share} = ${format(b.z2)}`]),
        ...units((i, at) => total(9 + i, `δ₂·a₁${at}`, times(b.z2, f.a1[i]))),
        total(12, "δ₂"),
      ],
      () => [
        ...units((i, at) => `δ₁${at} = W₂${at}·δ₂·a₁(1 − a₁) = ${times(p[9 + i], b.z2, f.a1[i], 1 - f.a1[i])} = ${format(b.z1[i])}`),
        ...units((i, at) => [0, 1].map((j) => total(2 * i + j, `δ₁${at}·x${"₁₂"[j]}`, times(b.z1[i], f.x[j])))),
        ...units((i, at) => total(6 + i, `δ₁${at}`)),
      ],
      () => NAMES.map(updated),
    ][phase - 1]();
  }
  function updated(name, k) {
    const { m, v, t } = now;
    const rate = format(settings.lr);
    const [shift, memory] = {
      sgd: () => [format(seen.gradient[k]), ""],
      momentum: () => ["m", `  (m = 0.9m + g = ${format(m[k])})`],
      adam: () => ["m̂/(√v̂ + ε)", `  (m̂ = ${format(m[k] / (1 - 0.9 ** t))}, v̂ = ${format(v[k] / (1 - 0.999 ** t))})`],
    }[settings.optimizer]();
    return `${name}: ${format(seen.p[k])} − ${rate}·${shift} = ${format(now.p[k])}${memory}`;
  }
}
