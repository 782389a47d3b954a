// The XOR bench: the 2-3-1 network with every number in it, step by step or thousands
// of epochs at a run.

import { NAMES, POST, TARGET, X, Y, batches, epoch, forward, fromSeed, losses as lossesOf, pass, start, update } from "./xor-engine.js";
import { addressed, announcer, axes, box, button, circle, drawing, field, fill, format, h, inLanguage, line, number, path, scroller, select, table, text, within } from "./stage.js";

const WORDS = {
  title: ["XOR bench", "异或实验台"],
  start: ["Start", "起点"],
  post: ["the post's weights", "博文的权重"],
  seeded: ["torch.manual_seed", "torch.manual_seed"],
  seed: ["Seed", "种子"],
  rows: ["Rows", "样本"],
  all: ["full batch", "全批量"],
  cyclic: ["row by row", "逐行"],
  only: ["only", "只用"],
  loss: ["Loss", "损失"],
  mse: ["MSE of σ(z₂)", "σ(z₂)的MSE"],
  bce: ["BCE with logits", "带logits的BCE"],
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
  network: ["The network; its numbers stand in the lists and tables below", "网络图；其中的数也列在下面的算式和表格里"],
  surface: ["Output over the plane of inputs; border where it is 0.5", "输入平面上的输出；分界处等于0.5"],
  curve: ["Loss over all four rows against epochs", "四行的损失随轮数的变化"],
  epochs: ["epochs", "轮"],
  phases: [
    ["Press Step: the arithmetic appears here.", "Forwards: the hidden layer", "Forwards: the output", "The loss", "Backwards: the output unit", "Backwards: the hidden layer", "The update"],
    ["点按“单步”，这里会写出算式。", "前向：隐藏层", "前向：输出", "损失", "反向：输出单元", "反向：隐藏层", "更新"],
  ],
  parameters: ["All 13 parameters", "全部13个参数"],
  parameter: ["parameter", "参数"],
  value: ["value", "数值"],
  gradient: ["gradient", "梯度"],
  outputs: ["Outputs", "四行输出"],
  learnt: ["MSE below 0.01 first after epoch", "MSE首次低于0.01的轮数："],
  alike: ["rows alike", "行同答"],
};
const OPTIMIZERS = ["sgd", "momentum", "adam"];
const MAX_EPOCHS = 200000;
/** The least loss of a network that gives 4, 3 or 2 rows the same answer, and is right
 * on the others: the best constant is the mean of their targets. */
const FLOORS = { mse: [1 / 4, 1 / 6, 1 / 8], bce: [Math.log(2), (3 * Math.log(3) - 2 * Math.log(2)) / 4, Math.log(2) / 2] };
const SIGN = (value) => (value < 0 ? "negative" : "positive");

export function mount(host, signal) {
  const words = inLanguage(WORDS);
  let origin, runs, now, before, losses, learnt, phase, batch, seen; // see restart()
  let settings, shown = 0, past = [], running = 0, until;
  const [status, say] = announcer(signal);

  // -- the training ---------------------------------------------------------------

  const record = () => {
    losses.push(lossesOf(now.p));
    if (learnt === null && losses.at(-1).mse < TARGET) learnt = losses.length - 1;
  };
  function restart() {
    now = before = start(origin === "post" ? POST : fromSeed(origin));
    [runs, losses, learnt, phase, batch] = [[], [], null, 0, 0];
    record();
    configure(settings);
  }
  /** Train with other settings from here on, as with a new optimizer. */
  function configure(next) {
    settings = next;
    now = before = start(before.p);
    [phase, batch] = [0, 0];
    if (runs.at(-1)?.epochs === 0) runs.pop();
    runs.push({ ...settings, epochs: 0 });
    seen = look();
  }
  const look = () => pass(now.p, batches(settings.rows)[batch], settings.loss);
  function step() {
    if (phase === 6) phase = 0;
    if (phase === 0) seen = look();
    if (++phase < 6) return;
    now = update(now, seen.gradient, settings.optimizer, settings.lr);
    if (++batch < batches(settings.rows).length) return;
    batch = 0;
    ended();
  }
  function ended() {
    before = now;
    runs.at(-1).epochs++;
    record();
  }
  function oneEpoch() {
    if (batch > 0 || (phase > 0 && phase < 6)) {
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

  // -- undo ---------------------------------------------------------------------------

  const keep = () => {
    past.push({ origin, runs: runs.map((run) => ({ ...run })), now, before, losses, length: losses.length, learnt, phase, batch, seen, settings });
    if (past.length > 200) past.shift();
  };
  const act = (action) => () => {
    stop();
    keep();
    action();
    render();
  };
  function undo() {
    stop();
    if (!past.length) return;
    let length;
    ({ origin, runs, now, before, losses, length, learnt, phase, batch, seen, settings } = past.pop());
    losses.length = length;
    render();
  }

  // -- running ------------------------------------------------------------------------

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  function run(target) {
    keep();
    until = target;
    const already = learnt;
    const frame = () => {
      const end = performance.now() + (still.matches ? 400 : 10);
      while (count() < until && performance.now() < end && (learnt === null || learnt === already)) oneEpoch();
      const done = count() >= until || learnt !== already || !finite();
      if (!done) running = requestAnimationFrame(frame);
      else stop();
      render();
    };
    running = requestAnimationFrame(frame);
    render();
  }
  function stop() {
    cancelAnimationFrame(running);
    running = 0;
  }
  signal.addEventListener("abort", stop);

  // -- the controls -------------------------------------------------------------------

  const set = (key) => (value) => act(() => configure({ ...settings, [key]: value }))();
  const begin = (value) => act(() => ((origin = value), restart()))();
  const rowName = (row) => `(${X[row]}) → ${Y[row]}`;
  const rowNames = Object.fromEntries(X.map((_, row) => [row, rowName(row)]));
  const controls = {
    start: select({ post: words.post, seed: words.seeded }, "post", (kind) => begin(kind === "post" ? kind : controls.seed.valueAsNumber || 0)),
    seed: number(0, { min: 0, max: 4294967295 }, (value) => begin(value)),
    rows: select({ all: words.all, cyclic: words.cyclic, ...Object.fromEntries(X.map((_, row) => [row, `${words.only} ${rowName(row)}`])) }, "all", set("rows")),
    loss: select({ mse: words.mse, bce: words.bce }, "mse", set("loss")),
    optimizer: select({ sgd: "SGD", momentum: words.momentum, adam: "Adam" }, "sgd", set("optimizer")),
    lr: number(1, { min: 0.00001, max: 1000 }, set("lr")),
    look: select(rowNames, 0, (row) => ((shown = +row), render())),
  };
  controls.seed.step = 1;
  const buttons = {
    step: button(words.step, act(step)),
    epoch: button(words.epoch, act(oneEpoch)),
    run: button(words.run, () => (running ? (stop(), render()) : run(MAX_EPOCHS))),
    undo: button(words.undo, undo),
    reset: button(words.reset, act(restart)),
  };
  const network = drawing(words.network, 420, 330);
  const surface = drawing(words.surface, 320, 270);
  const curve = drawing(words.curve, 320, 270);
  const sums = h("ul", { class: "sums", tabindex: 0, "aria-label": words.title });
  const heading = h("p", { class: "phase" });
  const counter = h("p", { class: "counter" });
  const [parameters, list] = table([words.parameter, words.value, words.gradient], words.parameters);

  fill(
    host, words.title,
    box("fields", ...Object.entries(controls).map(([key, control]) => field(words[key], control))),
    box("buttons", ...Object.values(buttons)),
    scroller(words.title, network),
    box("pair", surface, curve),
    counter, heading, sums,
    h("details", null, h("summary", null, words.parameters), parameters),
    status,
  );

  const write = addressed(["start", "run", "step", "row", "watch"], (from) => {
    stop();
    past = [];
    origin = within(from.start, 0, 4294967295, "post");
    const planned = (from.run ?? "").split("_").map(planOf).filter(Boolean);
    settings = planned[0]?.settings ?? { rows: "all", loss: "mse", optimizer: "sgd", lr: 1 };
    restart();
    for (const plan of planned) {
      configure(plan.settings);
      for (let n = 0; n < plan.epochs && finite(); n++) oneEpoch();
    }
    for (let n = within(from.step, 0, 24, 0); n > 0; n--) step();
    shown = within(from.row, 0, 3, 0);
    render();
    const watch = within(from.watch, 1, MAX_EPOCHS, 0);
    if (watch) run(count() + watch);
  }, signal);
  /** all-mse-adam-0.03-500 is what trained for 500 epochs, in the address. */
  function planOf(text) {
    const [rows, loss, optimizer, lr, epochs] = text.split("-");
    const known = ["all", "cyclic", "0", "1", "2", "3"].includes(rows) && FLOORS[loss] && OPTIMIZERS.includes(optimizer);
    return known && { settings: { rows, loss, optimizer, lr: within(lr, 0.00001, 1000, 1) }, epochs: within(epochs, 0, MAX_EPOCHS, 0) };
  }

  function asAddress() {
    const plan = runs.map((run) => [run.rows, run.loss, run.optimizer, run.lr, run.epochs]);
    let steps = batch * 6 + (phase % 6);
    if (phase === 6 && batch === 0) {
      plan.at(-1)[4]--; // its last update is still on show
      steps = 6 * batches(settings.rows).length;
    }
    return { run: plan.map((parts) => parts.join("-")).join("_"), step: steps || null };
  }

  // -- drawing ------------------------------------------------------------------------

  function render() {
    controls.start.value = origin === "post" ? origin : "seed";
    controls.seed.disabled = origin === "post";
    if (origin !== "post" && document.activeElement !== controls.seed) controls.seed.value = origin;
    for (const key of ["rows", "loss", "optimizer"]) controls[key].value = settings[key];
    if (document.activeElement !== controls.lr) controls.lr.value = settings.lr;
    controls.look.value = shown;
    buttons.run.textContent = running ? words.pause : words.run;
    buttons.undo.disabled = !past.length;
    drawNetwork();
    drawSurface();
    drawCurve();
    explain();
    if (!running) {
      const { mse } = losses.at(-1);
      say(`${format(count())} ${words.epochs}, MSE ${format(mse)}. ${phase ? words.phases[phase] : ""}`);
      write({ start: origin, ...asAddress(), row: shown || null });
    }
  }

  /** What of the network is known at this step, for the row that is shown. */
  function view() {
    const index = Math.max(0, seen.forwards.findIndex((f) => f.x === X[shown]));
    return { f: seen.forwards[index], b: seen.backwards[index] };
  }

  function drawNetwork() {
    const { f, b } = phase ? view() : { f: forward(now.p, shown) };
    const has = (least) => phase >= least;
    const { p } = now;
    const inputs = [90, 240].map((y) => [46, y]);
    const hidden = [55, 165, 275].map((y) => [148, y]);
    const edges = [
      ...hidden.flatMap((to, i) => inputs.map((from, j) => [from, to, 2 * i + j, 0.78])),
      ...hidden.map(([, y], i) => [[254, y], [326, 165], 9 + i, 0.45]),
    ];
    const known = (k) => has(k > 8 ? 4 : 5);
    const marks = edges.map(([[x1, y1], [x2, y2], k, t]) => {
      const [x, kind] = k < 9 ? [144, "halo end"] : [x1 + t * (x2 - x1), "halo"];
      const y = y1 + t * (y2 - y1);
      return [
        path(`edge ${SIGN(p[k])}`, `M${x1} ${y1}L${x2} ${y2}`, { "stroke-width": Math.min(8, 0.6 + Math.abs(p[k])) }),
        text(x, y, format(p[k]), kind),
        ...(known(k) ? [text(x, y + 12, `∂ ${format(seen.gradient[k])}`, `${kind} gradient`)] : []),
      ];
    });
    const cell = ([x, y], width, name, lines) => [
      h("rect", { class: "unit", x, y: y - 6 - lines.length * 7, width, height: 22 + lines.length * 14, rx: 6 }),
      text(x + width / 2, y + 9 - lines.length * 7, name, "name"),
      ...lines.map(([kind, written], i) => text(x + width / 2, y + 23 + (i - lines.length / 2) * 14, written, kind)),
    ];
    const unit = (z, a, b, gz, gb, names, forwards, backwards) => [
      ["", `b ${format(b)}`],
      ...(has(backwards) ? [["gradient", `∂ ${format(gb)}`]] : []),
      ["", `${names[0]} ${has(forwards) ? format(z) : "·"}`],
      ["", `${names[1]} ${has(forwards) ? format(a) : "·"}`],
      ["gradient", `δ ${has(backwards) ? format(gz) : "·"}`],
    ];
    network.replaceChildren(
      ...marks.map(([path]) => path),
      ...marks.flatMap(([, ...texts]) => texts),
      ...inputs.flatMap(([, y], j) => cell([4, y], 42, `x${"₁₂"[j]}`, [["", format(f.x[j])]])),
      ...hidden.flatMap((at, i) => cell(at, 106, `h${"₁₂₃"[i]}`, unit(f.z1[i], f.a1[i], p[6 + i], b?.z1[i], seen.gradient[6 + i], ["z", "a"], 1, 5))),
      ...cell([326, 165], 92, "ŷ", [...unit(f.z2, f.y_hat, p[12], b?.z2, seen.gradient[12], ["z", "ŷ"], 2, 4), ["", `y ${f.y}`]]),
    );
  }

  function drawSurface() {
    const scale = axes({ width: 320, height: 270, x: [-0.25, 1.25], y: [-0.25, 1.25], labels: ["x₁", "x₂"], left: 40 });
    const cells = 30;
    const size = 1.5 / cells;
    const levels = Array.from({ length: 10 }, () => "");
    const [w, t] = [scale.inner.width / cells, scale.inner.height / cells];
    for (let i = 0; i < cells; i++)
      for (let j = 0; j < cells; j++) {
        const at = [-0.25 + (j + 0.5) * size, 1.25 - (i + 0.5) * size];
        const y = answer(now.p, at);
        if (y >= 0) levels[Math.min(9, Math.floor(10 * y))] += `M${(j * w).toFixed(1)} ${(i * t).toFixed(1)}h${(w + 0.1).toFixed(1)}v${(t + 0.1).toFixed(1)}h-${(w + 0.1).toFixed(1)}z`;
      }
    surface.replaceChildren(
      ...scale.frame,
      scale.area(
        ...levels.map((d, level) => path(`h${level}`, d)),
        ...X.map(([x1, x2], row) => {
          const [x, y] = [scale.x(x1), scale.y(x2)];
          return Y[row] ? h("rect", { class: "row", x: x - 6, y: y - 6, width: 12, height: 12 }) : circle("row", x, y, 7);
        }),
        ...X.map(([x1, x2], row) => text(scale.x(x1), scale.y(x2) + 21, format(forward(now.p, row).y_hat, 3, "halo"))),
      ),
    );
  }
  function answer(p, [x1, x2]) {
    const a = [0, 1, 2].map((i) => 1 / (1 + Math.exp(-(p[2 * i] * x1 + p[2 * i + 1] * x2 + p[6 + i]))));
    return 1 / (1 + Math.exp(-(p[9] * a[0] + p[10] * a[1] + p[11] * a[2] + p[12])));
  }

  function drawCurve() {
    const floors = FLOORS[settings.loss];
    const all = losses.map((each) => each[settings.loss]);
    const stride = Math.ceil(all.length / 400);
    const points = all.map((loss, n) => [n, loss]).filter(([n]) => n % stride === 0 || n === count());
    const top = Math.min(1.5, Math.max(1.3 * floors[0], ...points.map(([, loss]) => 1.05 * loss || 0)));
    const end = Math.max(10, count());
    const scale = axes({ width: 320, height: 270, x: [0, end], y: [0, top], labels: [words.epochs, settings.loss.toUpperCase()] });
    curve.replaceChildren(
      ...scale.frame,
      scale.area(
        ...floors.flatMap((floor, i) => [
          path("floor", `M0 ${scale.y(floor)}h${scale.inner.width}`),
          text(scale.inner.width - 3, scale.y(floor) - 3, `${4 - i} ${words.alike}: ${format(floor)}`, "halo end"),
        ]),
        path("curve s0", line(points, scale)),
        circle("s0", scale.x(count()), scale.y(all.at(-1)), 4),
      ),
    );
  }

  function explain() {
    const found = learnt === null ? "" : ` · ${words.learnt} ${format(learnt)}`;
    const { mse, bce } = losses.at(-1);
    counter.textContent = `${format(count())} ${words.epochs} · MSE ${format(mse, 6)} · BCE ${format(bce, 6)}${found}`;
    heading.textContent = words.phases[phase];
    sums.replaceChildren(...(phase ? arithmetic() : []).map((each) => h("li", null, each)));
    list(NAMES.map((name, k) => [name, format(now.p[k], 6), phase > 3 && (k > 8 || phase > 4) ? format(seen.gradient[k], 6) : "·"]));
  }

  /** The lines of this step, each number as it went in. */
  function arithmetic() {
    const { f, b } = view();
    const n = seen.forwards.length;
    const p = phase === 6 ? seen.p : now.p;
    const s = (value) => (value < 0 ? `(${format(value)})` : format(value));
    const times = (left, right) => `${s(left)}·${s(right)}`;
    const total = (k, name) =>
      `∂L/∂${NAMES[k]} = ${name} = ${n > 1 ? `${seen.backwards.map((each) => s(each.p[k])).join(" + ")} = ` : ""}${format(seen.gradient[k])}`;
    const units = [0, 1, 2];
    const mse = settings.loss === "mse";
    const share = n > 1 ? `/${n}` : "";
    return [
      null,
      () => units.flatMap((i) => [
        `z₁[${i + 1}] = ${times(p[2 * i], f.x[0])} + ${times(p[2 * i + 1], f.x[1])} + ${s(p[6 + i])} = ${format(f.z1[i])}`,
        `a₁[${i + 1}] = σ(${format(f.z1[i])}) = ${format(f.a1[i])}`,
      ]),
      () => [
        `z₂ = ${units.map((i) => times(p[9 + i], f.a1[i])).join(" + ")} + ${s(p[12])} = ${format(f.z2)}`,
        `ŷ = σ(${format(f.z2)}) = ${format(f.y_hat)}`,
      ],
      () => [
        mse ? `(ŷ − y)² = (${format(f.y_hat)} − ${f.y})² = ${format(f[settings.loss])}`
          : `${f.y ? `−log ŷ = −log ${format(f.y_hat)}` : `−log(1 − ŷ) = −log(1 − ${format(f.y_hat)})`} = ${format(f[settings.loss])}`,
        `L = ${n > 1 ? `(${seen.forwards.map((each) => format(each[settings.loss])).join(" + ")})${share} = ` : ""}${format(seen.loss)}`,
      ],
      () => [
        ...(mse ? [
          `∂L/∂ŷ = 2(ŷ − y)${share} = ${format(b.y_hat)}`,
          `δ₂ = ∂L/∂ŷ·ŷ(1 − ŷ) = ${s(b.y_hat)}·${format(f.y_hat)}·${format(1 - f.y_hat)} = ${format(b.z2)}`,
        ] : [`δ₂ = (ŷ − y)${share} = ${format(b.z2)}`]),
        ...units.map((i) => total(9 + i, n > 1 ? `Σ δ₂·a₁[${i + 1}]` : times(b.z2, f.a1[i]))),
        total(12, n > 1 ? "Σ δ₂" : "δ₂"),
      ],
      () => [
        ...units.map((i) => `δ₁[${i + 1}] = W₂[${i + 1}]·δ₂·a₁(1 − a₁) = ${times(p[9 + i], b.z2)}·${format(f.a1[i])}·${format(1 - f.a1[i])} = ${format(b.z1[i])}`),
        ...units.flatMap((i) => [0, 1].map((j) => total(2 * i + j, n > 1 ? `Σ δ₁[${i + 1}]·x${"₁₂"[j]}` : times(b.z1[i], f.x[j])))),
        ...units.map((i) => total(6 + i, n > 1 ? `Σ δ₁[${i + 1}]` : `δ₁[${i + 1}]`)),
      ],
      () => NAMES.map((name, k) => updated(name, k)),
    ][phase]();
  }
  function updated(name, k) {
    const old = seen.p[k];
    const { optimizer, lr } = settings;
    const shift = {
      sgd: () => `${format(lr)}·${format(seen.gradient[k])}`,
      momentum: () => `${format(lr)}·m,  m = 0.9m + g = ${format(now.m[k])}`,
      adam: () => `${format(lr)}·m̂/(√v̂ + ε),  m̂ = ${format(now.m[k] / (1 - 0.9 ** now.t))}, v̂ = ${format(now.v[k] / (1 - 0.999 ** now.t))}`,
    }[optimizer]();
    const [minus, memory = ""] = shift.split(",  ");
    return `${name}: ${format(old)} − ${minus} = ${format(now.p[k])}${memory && `  (${memory})`}`;
  }
}
