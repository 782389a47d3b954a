// The activation explorer: pick functions, move x and the parameter, and read value,
// slope, saturation and what float32 makes of them.

import { functions } from "./activations-engine.js";
import { addressed, announcer, axes, box, circle, dragged, drawing, field, fill, format, h, inLanguage, line, number, path, select, slider, table, within } from "./stage.js";

const WORDS = {
  title: ["Activation explorer", "激活函数实验台"],
  functions: ["Functions", "函数"],
  f: ["function", "函数"],
  lead: ["Tangent, shading, parameter of", "切线、阴影与参数属于"],
  curves: ["Curves", "曲线"],
  both: ["value and slope (dashed)", "函数值与导数（虚线）"],
  value: ["value", "函数值"],
  slope: ["slope", "导数"],
  view: ["View", "范围"],
  exact: ["x, typed", "输入x"],
  drawing: ["Graphs of the chosen functions; the slider x moves the point", "所选函数的图像；滑块x移动图上的点"],
  values: ["Values at x", "x处的数值"],
  error: ["rounding", "舍入误差"],
  saturated: ["saturated: slope below 0.05", "饱和：导数小于0.05"],
  rounds: ["In float32 the value is exactly", "在float32里，函数值恰好是"],
  digits: ["the columns float32 show the nearest float32 number", "float32两列是最接近的float32数"],
};
const SHADED = 0.05;
const SIZE = { width: 640, height: 360 };

export function mount(host, signal) {
  const words = inLanguage(WORDS);
  const state = { f: [], x: 0, parameters: {}, view: 6, show: "both" };
  const parameter = (key) => state.parameters[key] ?? functions[key].parameter?.[1];

  const boxes = Object.fromEntries(
    Object.keys(functions).map((key) => [key, h("input", { type: "checkbox", onchange: () => toggle(key) })]),
  );
  const toggle = (key) => {
    const others = state.f.filter((each) => each !== key);
    state.f = boxes[key].checked ? [key, ...others] : others.length ? others : state.f;
    render();
  };
  const change = (key) => (value) => {
    state[key] = value;
    render();
  };
  const x = slider("x", { min: -6, max: 6, step: 0.01 }, change("x"));
  const typed = number(0, { min: -1e6, max: 1e6 }, change("x"));
  const knob = slider("", { min: 0, max: 1, step: 0.01 }, (value) => {
    state.parameters[state.f[0]] = value;
    render();
  });
  const lead = select({}, "", (key) => {
    state.f = [key, ...state.f.filter((each) => each !== key)];
    render();
  });
  const view = select(Object.fromEntries([1, 6, 10, 20, 120].map((v) => [v, `±${v}`])), 6, (v) => change("view")(+v));
  const show = select({ both: words.both, value: words.value, slope: words.slope }, "both", change("show"));
  const svg = drawing(words.drawing, SIZE.width, SIZE.height, "drag");
  const [values, list] = table([words.f, "f(x)", "float32", words.error, "f′(x)", "float32"], words.values);
  const note = h("p");
  const [status, say] = announcer(signal);

  fill(
    host, words.title,
    h("fieldset", null, h("legend", null, words.functions), ...Object.keys(functions).map((key) => h("label", null, boxes[key], functions[key].name))),
    box("fields", x.element, field(words.exact, typed), knob.element, field(words.lead, lead), field(words.curves, show), field(words.view, view)),
    svg, values, note, status,
  );

  let scale;
  dragged(svg, (at) => {
    const { inner } = scale;
    change("x")(+(((at - inner.x) / inner.width) * 2 * state.view - state.view).toPrecision(3));
  });

  const write = addressed(["f", "x", "p", "view", "show"], (from) => {
    const known = (from.f ?? "").split(",").filter((key) => functions[key]);
    state.f = known.length ? [...new Set(known)] : ["sigmoid", "relu"];
    state.x = within(from.x, -1e6, 1e6, 1);
    state.view = [1, 6, 10, 20, 120].includes(+from.view) ? +from.view : 6;
    state.show = ["value", "slope"].includes(from.show) ? from.show : "both";
    state.parameters = {};
    for (const pair of (from.p ?? "").split(",")) {
      const [key, value] = pair.split(":");
      const bounds = functions[key]?.parameter;
      if (bounds) state.parameters[key] = within(value, bounds[2], bounds[3], bounds[1]);
    }
    render();
  }, signal);

  function render() {
    const [first] = state.f;
    const bounds = functions[first].parameter;
    for (const [key, box] of Object.entries(boxes)) box.checked = state.f.includes(key);
    lead.replaceChildren(...state.f.map((key) => h("option", { value: key }, functions[key].name)));
    view.value = state.view;
    show.value = state.show;
    Object.assign(x.input, { min: -state.view, max: state.view, step: state.view / 600 });
    x.set(state.x);
    if (document.activeElement !== typed) typed.value = state.x;
    knob.element.hidden = !bounds;
    if (bounds) {
      knob.element.firstChild.textContent = knob.input.ariaLabel = bounds[0];
      Object.assign(knob.input, { min: bounds[2], max: bounds[3], step: 0.01 });
      knob.set(parameter(first));
    }
    draw();
    tell(first);
    const changed = Object.entries(state.parameters).map(([key, value]) => `${key}:${value}`);
    write({ f: state.f.join(), x: state.x, view: state.view, show: state.show === "both" ? null : state.show, p: changed.join() || null });
  }

  function draw() {
    const { view: reach, show: shown } = state;
    // Also at the corners, so that they stay sharp, and a hair beside each jump.
    const xs = Array.from({ length: 481 }, (_, i) => ((i - 240) / 240) * reach);
    for (const corner of [-3, 0, 3]) xs.push(corner - reach * 1e-9, corner, corner + reach * 1e-9);
    xs.sort((a, b) => a - b);
    const kinds = ["value", "slope"].filter((kind) => shown === "both" || shown === kind);
    const curves = state.f.map((key) =>
      Object.fromEntries(["value", "slope"].map((kind) => [kind, xs.map((at) => [at, functions[key][kind](at, parameter(key))])])));
    const heights = curves.flatMap((curve) => kinds.flatMap((kind) => curve[kind].map(([, y]) => y)));
    const [low, high] = [Math.min(-0.25, ...heights), Math.max(1.1, ...heights)];
    scale = axes({ ...SIZE, x: [-reach, reach], y: [low - 0.04 * (high - low), high + 0.04 * (high - low)], labels: ["x"] });
    const shade = xs.slice(1).flatMap((right, i) =>
      Math.abs(curves[0].slope[i][1]) < SHADED && Math.abs(curves[0].slope[i + 1][1]) < SHADED
        ? [`M${scale.x(xs[i]).toFixed(2)} 0H${scale.x(right).toFixed(2)}V${scale.inner.height}H${scale.x(xs[i]).toFixed(2)}z`] : []);
    const at = state.x;
    const [y, slope] = ["value", "slope"].map((kind) => functions[state.f[0]][kind](at, parameter(state.f[0])));
    const tangent = [-reach / 3, reach / 3].map((d) => [at + d, y + slope * d]);
    svg.replaceChildren(
      ...scale.frame,
      scale.area(
        path("shade", shade.join("")),
        path("axis", `M${scale.x(at)} 0V${scale.inner.height}`),
        ...curves.flatMap((curve, i) => kinds.map((kind) => path(`curve s${i % 7} ${kind}`, line(curve[kind], scale)))),
        ...(shown === "slope" ? [] : [path("tangent", line(tangent, scale))]),
        ...state.f.flatMap((key, i) => kinds.map((kind) => circle(`s${i % 7}`, scale.x(at), scale.y(functions[key][kind](at, parameter(key))), 5))),
      ),
    );
  }

  function tell(first) {
    const rows = state.f.map((key, i) => {
      const [value, slope] = ["value", "slope"].map((kind) => functions[key][kind](state.x, parameter(key)));
      const [value32, slope32] = [Math.fround(value), Math.fround(slope)];
      return { key, i, value, value32, slope, slope32 };
    });
    list(rows.map(({ key, i, value, value32, slope, slope32 }) => [
      [h("span", { class: `key s${i % 7}` }), functions[key].name],
      format(value, 10), format(value32, 8), format(value32 - value), format(slope, 10), format(slope32, 8),
    ]));
    const lost = rows.filter(({ value, value32 }) => value !== value32 && Number.isInteger(value32));
    note.replaceChildren(
      ...[
        Math.abs(rows[0].slope) < SHADED ? `${functions[first].name}: ${words.saturated}` : "",
        ...lost.map(({ key, value32 }) => `${functions[key].name}: ${words.rounds} ${format(value32)}`),
        words.digits,
      ].filter(Boolean).map((text) => h("span", null, text)),
    );
    say(`x = ${format(state.x)}. ${rows.map(({ key, value, slope }) => `${functions[key].name}: f ${format(value)}, f′ ${format(slope)}`).join("; ")}`);
  }
}
