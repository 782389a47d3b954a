// The activation explorer: pick functions, move x and the parameter, and read value,
// slope, saturation and what float32 makes of them.

import { functions } from "./activation-engine.js";
import { addressed, announcer, axes, box, circle, dragged, drawing, drawn, field, fill, format, h, line, number, path, select, slider, table, within } from "./stage.js";

const WORDS = {
  title: ["Activation explorer", "激活函数实验台"],
  functions: ["Functions", "函数"],
  f: ["function", "函数"],
  lead: ["Tangent, shading, parameter of", "主函数（画切线、阴影，调参数）"],
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
const KINDS = ["value", "slope"];
const VIEWS = { 1: "±1", 6: "±6", 10: "±10", 20: "±20", 120: "±120" };

export function activation(host, signal) {
  let chosen, x, parameters, view, show, scale; // set from the address below
  const size = { width: Math.max(300, Math.min(640, host.clientWidth)), height: 340 };
  const at = (key, kind, x) => functions[key][kind](x, parameters[key] ?? functions[key].parameter[1]);
  const lead = (key) => [key, ...chosen.filter((each) => each !== key)];
  const then = drawn(render);

  const boxes = Object.fromEntries(
    Object.keys(functions).map((key) => [key, h("input", { type: "checkbox", onchange: then(() => {
      const [, ...others] = lead(key);
      chosen = boxes[key].checked ? lead(key) : chosen.length > 1 ? chosen.filter((each) => each !== key) : chosen;
    }) })]),
  );
  const place = slider("x", {}, then((value) => (x = value)));
  const typed = number(0, -1e6, 1e6, then((value) => (x = value)));
  const knob = slider("", {}, then((value) => (parameters[chosen[0]] = value)));
  const first = select({}, then((key) => (chosen = lead(key))));
  const shown = select({ both: WORDS.both, value: WORDS.value, slope: WORDS.slope }, then((value) => (show = value)));
  const reach = select(VIEWS, then((value) => (view = +value)));
  const svg = drawing(WORDS.drawing, size.width, size.height, "drag");
  const [values, list] = table([WORDS.f, "f(x)", "float32", WORDS.error, "f′(x)", "float32"], WORDS.values);
  const note = h("p");
  const [status, say] = announcer(signal);

  fill(
    host, WORDS.title,
    h("fieldset", null, h("legend", null, WORDS.functions), ...Object.keys(functions).map((key) => h("label", null, boxes[key], functions[key].name))),
    box("fields", place.element, field(WORDS.exact, typed), knob.element, field(WORDS.lead, first), field(WORDS.curves, shown), field(WORDS.view, reach)),
    svg, values, note, status,
  );
  dragged(svg, then((px) => (x = +((((px - scale.inner.x) / scale.inner.width) * 2 - 1) * view).toPrecision(3))));

  const write = addressed(["f", "x", "p", "view", "show"], (from) => {
    chosen = [...new Set(from.f.split(",").filter((key) => Object.hasOwn(functions, key)))];
    if (!chosen[0]) chosen = ["sigmoid", "relu"];
    x = within(from.x, -1e6, 1e6, 1);
    view = VIEWS[+from.view] ? +from.view : 6;
    show = KINDS.includes(from.show) ? from.show : "both";
    parameters = {};
    for (const pair of from.p.split(",")) {
      const [key, value] = pair.split(":");
      const [name, usual, low, high] = functions[key]?.parameter ?? [];
      if (name) parameters[key] = within(value, low, high, usual);
    }
    render();
  }, signal);

  function render() {
    const { parameter: [name, usual, min, max] } = functions[chosen[0]];
    for (const key in boxes) boxes[key].checked = chosen.includes(key);
    first.replaceChildren(...chosen.map((key) => h("option", { value: key }, functions[key].name)));
    reach.value = view;
    shown.value = show;
    Object.assign(place.input, { min: -view, max: view, step: view / 600 });
    place.set(x);
    typed.show(x);
    knob.element.hidden = !name;
    if (name) {
      knob.element.firstChild.textContent = knob.input.ariaLabel = name;
      Object.assign(knob.input, { min, max, step: 0.01 });
      knob.set(parameters[chosen[0]] ?? usual);
    }
    draw();
    tell();
    const changed = Object.entries(parameters).map((pair) => pair.join(":"));
    write({ f: chosen.join(), x, view, show: show === "both" ? null : show, p: changed.join() || null });
  }

  function draw() {
    // Also at the corners, so that they stay sharp, and a hair beside each jump.
    const xs = Array.from({ length: 481 }, (_, i) => (i / 240 - 1) * view);
    for (const corner of [-3, 0, 3]) xs.push(corner - view * 1e-9, corner, corner + view * 1e-9);
    xs.sort((a, b) => a - b);
    const kinds = KINDS.filter((kind) => show === "both" || show === kind);
    const curves = chosen.flatMap((key, i) => kinds.map((kind) => ({ key, kind, series: `s${i % 7}`, points: xs.map((x) => [x, at(key, kind, x)]) })));
    const heights = curves.flatMap(({ points }) => points.map(([, y]) => y));
    const [low, high] = [Math.min(-0.25, ...heights), Math.max(1.1, ...heights)];
    const room = 0.04 * (high - low);
    scale = axes({ ...size, x: [-view, view], y: [low - room, high + room], labels: ["x"] });
    const flat = (x) => Math.abs(at(chosen[0], "slope", x)) < SHADED;
    const shade = xs.map((x, i) => (i && flat(x) && flat(xs[i - 1]) ? `M${scale.x(xs[i - 1]).toFixed(2)} 0H${scale.x(x).toFixed(2)}V${size.height}H${scale.x(xs[i - 1]).toFixed(2)}z` : ""));
    const [y, slope] = KINDS.map((kind) => at(chosen[0], kind, x));
    const tangent = [-view / 3, view / 3].map((d) => [x + d, y + slope * d]);
    scale.into(
      svg,
      path("shade", shade.join("")),
      path("axis", `M${scale.x(x)} 0V${size.height}`),
      ...curves.map(({ series, kind, points }) => path(`curve ${series} ${kind}`, line(points, scale))),
      path("tangent", show === "slope" ? "" : line(tangent, scale)),
      ...curves.map(({ series, kind, key }) => circle(series, scale.x(x), scale.y(at(key, kind, x)), 5)),
    );
  }

  function tell() {
    const rows = chosen.map((key) => {
      const [value, slope] = KINDS.map((kind) => at(key, kind, x));
      return { name: functions[key].name, value, value32: Math.fround(value), slope };
    });
    list(rows.map(({ name, value, value32, slope }, i) => [
      [h("span", { class: `key s${i % 7}` }), name],
      format(value, 10), format(value32, 8), format(value32 - value), format(slope, 10), format(Math.fround(slope), 8),
    ]));
    const lost = rows.filter(({ value, value32 }) => value !== value32 && Number.isInteger(value32));
    note.replaceChildren(
      ...[
        ...(Math.abs(rows[0].slope) < SHADED ? [`${rows[0].name}: ${WORDS.saturated}`] : []),
        ...lost.map(({ name, value32 }) => `${name}: ${WORDS.rounds} ${format(value32)}`),
        WORDS.digits,
      ].map((text) => h("span", null, text)),
    );
    say(`x = ${format(x)}. ${rows.map(({ name, value, slope }) => `${name}: f ${format(value)}, f′ ${format(slope)}`).join("; ")}`);
  }
}
