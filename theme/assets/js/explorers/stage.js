// What every explorer is built from: elements and form fields, axes, numbers as the
// pages print them, words in the page's language, and the state in the address.

const DRAWN = new Set(["svg", "g", "path", "line", "circle", "rect", "text"]);

/** An HTML or SVG element; a function given for "onclick" and the like listens. */
export function h(tag, attributes, ...children) {
  const element = DRAWN.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export const path = (kind, d, attributes) => h("path", { class: kind, d, ...attributes });
export const circle = (kind, cx, cy, r) => h("circle", { class: kind, cx, cy, r });
/** Text in a drawing; the style sheet centres it. */
export const text = (x, y, content, kind, attributes) => h("text", { x, y, class: kind, ...attributes }, content);
export const drawing = (label, width, height, kind) =>
  h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: kind });
export const scroller = (label, ...children) =>
  h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, ...children);
export const box = (kind, ...children) => h("div", { class: kind }, ...children);

/** Fill an explorer's place in the page. */
export function fill(host, label, ...children) {
  host.setAttribute("role", "group");
  host.ariaLabel = label;
  host.replaceChildren(...children);
}

/** A table of words, each [English, Chinese], in the language of the page. */
export const inLanguage = (table) => {
  const language = +document.documentElement.lang.startsWith("zh");
  return Object.fromEntries(Object.entries(table).map(([key, both]) => [key, both[language]]));
};

/** A labelled form control; its name does not change with what it holds. */
export const field = (label, control, ...after) => {
  control.ariaLabel = label;
  return h("label", null, h("span", null, label), control, ...after);
};

/** A labelled slider that shows its value; `shown` says how. It moves when it is set. */
export function slider(label, { min, max, step, shown = format }, change) {
  const output = h("output");
  const show = (value) => {
    output.value = shown(value);
    input.setAttribute("aria-valuetext", output.value);
  };
  const input = h("input", { type: "range", min, max, step, oninput: () => change(+input.value) });
  return {
    element: field(label, input, output),
    input,
    set(value) {
      input.value = value;
      show(value); // which may lie between two places of the slider
    },
  };
}

export const select = (options, value, change) => {
  const element = h(
    "select",
    { onchange: () => change(element.value) },
    ...Object.entries(options).map(([key, text]) => h("option", { value: key }, text)),
  );
  element.value = value;
  return element;
};

/** A number field; what is no number, or out of bounds, is marked and not passed on. */
export const number = (value, { min, max }, change) => {
  const element = h("input", {
    type: "number", step: "any", min, max, required: true, value,
    oninput: () => element.validity.valid && change(element.valueAsNumber),
  });
  return element;
};

export const button = (text, onclick, attributes) => h("button", { type: "button", onclick, ...attributes }, text);

/** A number as the pages print it: four decimals, powers where those would hide it. */
export function format(value, digits = 4) {
  const size = Math.abs(value);
  const written =
    Number.isInteger(value) && size < 1e6
      ? `${value}`
      : size >= 1e5 || size < 10 ** (1 - digits)
        ? value.toExponential(digits - 1)
        : value.toFixed(digits);
  return written.replaceAll("-", "−").replace("Infinity", "∞");
}

/** A place for what a screen reader should hear, once things have come to rest. */
export function announcer(signal) {
  const element = h("p", { role: "status" });
  let timer;
  signal.addEventListener("abort", () => clearTimeout(timer));
  const say = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => element.textContent !== text && (element.textContent = text), 150);
  };
  return [element, say];
}

/** The explorer's state in the address: what `read` finds there goes to `restore`, now
 * and whenever the address changes; the returned function writes it, a little later.
 * The heading and other parts of the address stay. */
export function addressed(keys, restore, signal) {
  let timer;
  const read = () => {
    clearTimeout(timer);
    const search = new URLSearchParams(location.search);
    restore(Object.fromEntries(keys.map((key) => [key, search.get(key)])));
  };
  const home = location.pathname;
  const write = (state) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (location.pathname !== home) return;
      const url = new URL(location);
      for (const key of keys) url.searchParams.delete(key);
      for (const [key, value] of Object.entries(state)) if (value != null) url.searchParams.set(key, value);
      history.replaceState(history.state, "", url);
    }, 200);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  for (const [target, type] of [[window, "popstate"], [document, "explorer-state"]])
    target.addEventListener(type, read, { signal });
  queueMicrotask(read); // `write` is there by then
  return write;
}

/** A number that the address gives, or another where it gives none between the two. */
export const within = (text, low, high, otherwise) =>
  text && +text >= low && +text <= high ? +text : otherwise;

/** Round numbers that divide an interval into about `count` parts. */
function ticks(low, high, count) {
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power * count >= high - low);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => +((first + i) * step).toPrecision(12));
}

/** Axes of a drawing: scales x and y, the area inside as an svg of its own, which
 * clips what is drawn there, and everything else as `frame`. */
export function axes({ width, height, x: [x0, x1], y: [y0, y1], labels = [], power = false, left = 44 }) {
  const [top, right, bottom] = [8, 10, labels[0] ? 36 : 22];
  const inner = { x: left, y: top, width: width - left - right, height: height - top - bottom };
  const x = (value) => ((value - x0) / (x1 - x0)) * inner.width;
  const y = (value) => ((y1 - value) / (y1 - y0)) * inner.height;
  const name = (value) => (power ? `10${[...`${value}`].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}` : `${value}`.replace("-", "−"));
  const whole = (value) => !power || Number.isInteger(value);
  const frame = [];
  for (const value of ticks(x0, x1, 6).filter(whole)) {
    const at = left + x(value);
    frame.push(path("grid", `M${at} ${top}v${inner.height}`), text(at, top + inner.height + 14, name(value), "tick"));
  }
  for (const value of ticks(y0, y1, 5).filter(whole)) {
    const at = top + y(value);
    frame.push(path("grid", `M${left} ${at}h${inner.width}`), text(left - 5, at + 4, name(value), "tick end"));
  }
  const [below, beside] = labels;
  if (below) frame.push(text(left + inner.width / 2, height - 4, below));
  if (beside) frame.push(text(0, 0, beside, "", { transform: `translate(11 ${top + inner.height / 2}) rotate(-90)` }));
  return { x, y, frame, inner, area: (...children) => h("svg", { ...inner, overflow: "hidden" }, ...children) };
}

/** The d of a path through points; what is not finite or far out ends it. */
export function line(points, { x, y }) {
  let d = "";
  for (const [px, py] of points) {
    const [sx, sy] = [x(px), y(py)];
    if (!(Math.abs(sx) < 1e5 && Math.abs(sy) < 1e5)) break;
    d += `${d ? "L" : "M"}${sx.toFixed(2)} ${sy.toFixed(2)}`;
  }
  return d;
}

/** Follow the pointer over a drawing, by mouse, pen or finger, in its own units. */
export function dragged(svg, change) {
  const move = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    change(point.x, point.y);
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    move(event);
  });
  svg.addEventListener("pointermove", (event) => svg.hasPointerCapture(event.pointerId) && move(event));
}

/** A table, and what fills its body anew: the first cell of a row is its heading. */
export function table(head, caption) {
  const body = h("tbody");
  const cells = (kind, texts, attributes) => texts.map((each) => h(kind, attributes, ...[each].flat()));
  const element = scroller(caption, h("table", { class: "numbers" }, h("thead", null, h("tr", null, ...cells("th", head, { scope: "col" }))), body));
  const rows = (all) =>
    body.replaceChildren(...all.map(([first, ...rest]) => h("tr", null, ...cells("th", [first], { scope: "row" }), ...cells("td", rest))));
  return [element, rows];
}
