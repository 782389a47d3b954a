// What every explorer is built from: elements and form fields, axes, numbers as the
// pages print them, and the state in the address.

const DRAWN = ["svg", "g", "path", "circle", "rect", "text"];

/** An HTML or SVG element; a function given for "onclick" and the like listens. */
export function h(tag, attributes, ...children) {
  const element = document.createElementNS(`http://www.w3.org/${DRAWN.includes(tag) ? "2000/svg" : "1999/xhtml"}`, tag);
  for (const name in attributes) {
    const value = attributes[name];
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const path = (kind, d, attributes) => h("path", { class: kind, d, ...attributes });
export const circle = (kind, cx, cy, r) => h("circle", { class: kind, cx, cy, r });
/** Text in a drawing; the style sheet centres it. */
export const text = (x, y, content, kind = "", attributes) => h("text", { x, y, class: kind, ...attributes }, content);
export const drawing = (label, width, height, kind = "") =>
  h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: kind });
/** What scrolls inside itself, by keyboard too: a drawing that would be too small for its
 * text on a phone has a least width. */
export const scroller = (label, ...children) =>
  h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, ...children);
export const box = (kind, ...children) => h("div", { class: kind }, ...children);
/** What a step does, line by line. */
export const sums = (label) => {
  const element = h("ul", { class: "sums", tabindex: 0, "aria-label": label });
  return [element, (lines) => element.replaceChildren(...lines.map((each) => h("li", null, each)))];
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE); // explorers.css, which src/site_finish/explorers.py puts here
document.adoptedStyleSheets.push(sheet);

/** Fill an explorer's place in the page. */
export function fill(host, label, ...children) {
  host.role = "group";
  host.ariaLabel = label;
  host.replaceChildren(...children);
}

/** A labelled form control; its name does not change with what it holds. */
export const field = (label, control, ...after) => {
  control.ariaLabel = label;
  return h("label", null, h("span", null, label), control, ...after);
};

/** A labelled slider that shows its value; `shown` says how. It moves when it is set. */
export function slider(label, { shown = format, ...bounds }, change) {
  const output = h("output");
  const input = h("input", { type: "range", ...bounds, oninput: () => change(+input.value) });
  return {
    element: field(label, input, output),
    input,
    set(value) {
      input.value = value; // which may lie between two places of the slider
      output.value = input.ariaValueText = shown(value);
    },
  };
}

export const select = (options, change) => {
  const element = h(
    "select",
    { onchange: () => change(element.value) },
    ...Object.keys(options).map((key) => h("option", { value: key }, options[key])),
  );
  return element;
};

/** A number field; what is no number, or out of bounds, is marked and not passed on.
 * It can be shown another number while nobody types. */
export const number = (value, min, max, change) => {
  const element = h("input", {
    type: "number", step: "any", min, max, required: "", value,
    oninput: () => element.validity.valid && change(element.valueAsNumber),
  });
  element.show = (value) => document.activeElement !== element && (element.value = value);
  return element;
};

/** A maker of listeners, which do what is said with what was entered, and draw. */
export const drawn = (render) => (change) => (...entered) => {
  change(...entered);
  render();
};

export const button = (text, onclick) => h("button", { type: "button", onclick }, text);

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

/** Something done a little later, unless it is asked for anew before or the page left. */
function delayed(action, time, signal) {
  let timer;
  const cancel = () => clearTimeout(timer);
  signal.addEventListener("abort", cancel);
  const start = (what) => {
    cancel();
    timer = setTimeout(action, time, what);
  };
  return [start, cancel];
}

/** A place for what a screen reader should hear, once things have come to rest. */
export function announcer(signal) {
  const element = h("p", { role: "status" });
  const [say] = delayed((text) => element.textContent !== text && (element.textContent = text), 150, signal);
  return [element, say];
}

/** The explorer's state in the address: what `read` finds there goes to `restore`, now
 * and whenever the address changes; the returned function writes it, a little later.
 * The heading and other parts of the address stay, and all of it until something is
 * changed. */
export function addressed(keys, restore, signal, otherwise) {
  const home = location.pathname;
  const [write, cancel] = delayed((state) => {
    if (location.pathname !== home) return; // the page is being left
    const url = new URL(location);
    for (const key of keys)
      if (state[key] == null) url.searchParams.delete(key);
      else url.searchParams.set(key, state[key]);
    history.replaceState(history.state, "", url);
  }, 200, signal);
  const read = () => {
    const given = new URLSearchParams(location.search);
    const search = keys.some((key) => given.has(key)) ? given : new URLSearchParams(otherwise);
    restore(Object.fromEntries(keys.map((key) => [key, search.get(key) ?? ""])));
    cancel(); // what was read is not written
  };
  window.addEventListener("popstate", read, { signal });
  document.addEventListener("explorer-state", read, { signal });
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
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i++) found.push(+(i * step).toPrecision(12));
  return found;
}

/** Axes of a drawing: scales x and y, the area inside, and what draws into that area,
 * which clips it, and the axes around it. */
export function axes({ width, height, x: [x0, x1], y: [y0, y1], labels: [below, beside], power }) {
  const [left, top, bottom] = [44, 8, 36];
  const inner = { x: left, y: top, width: width - left - 10, height: height - top - bottom };
  const x = (value) => ((value - x0) / (x1 - x0)) * inner.width;
  const y = (value) => ((y1 - value) / (y1 - y0)) * inner.height;
  const name = (value) => (power ? `10${`${value}`.replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}` : `${value}`.replace("-", "−"));
  const places = (...interval) => ticks(...interval).filter((value) => !power || Number.isInteger(value));
  const frame = [
    ...places(x0, x1, 6).flatMap((value) => {
      const at = left + x(value);
      return [path("grid", `M${at} ${top}v${inner.height}`), text(at, top + inner.height + 14, name(value), "tick")];
    }),
    ...places(y0, y1, 5).flatMap((value) => {
      const at = top + y(value);
      return [path("grid", `M${left} ${at}h${inner.width}`), text(left - 5, at + 4, name(value), "tick end")];
    }),
    text(left + inner.width / 2, height - 4, below),
    text(0, 0, beside ?? "", "", { transform: `translate(11 ${top + inner.height / 2}) rotate(-90)` }),
  ];
  const into = (svg, ...children) => svg.replaceChildren(...frame, h("svg", { ...inner, overflow: "hidden" }, ...children));
  return { x, y, inner, into };
}

/** The d of a path through points; what is not finite or far out ends it. */
export function line(points, { x, y }) {
  let d = "";
  for (const point of points) {
    const [px, py] = [x(point[0]), y(point[1])];
    if (!(Math.hypot(px, py) < 1e5)) break;
    d += `${d ? "L" : "M"}${px.toFixed(2)} ${py.toFixed(2)}`;
  }
  return d;
}

/** Follow the pointer over a drawing, by mouse, pen or finger, in its own units. */
export function dragged(svg, change) {
  const move = (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    change(x, y);
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
  const cell = (kind, scope) => (content) => h(kind, scope && { scope }, ...[content].flat());
  const element = scroller(caption, h("table", { class: "numbers" }, h("thead", null, h("tr", null, ...head.map(cell("th", "col")))), body));
  const rows = (all) =>
    body.replaceChildren(...all.map(([first, ...rest]) => h("tr", null, cell("th", "row")(first), ...rest.map(cell("td")))));
  return [element, rows];
}
