// What the site adds to Material: a language switch that stays at the reader's
// heading, a menu that the keyboard opens, a search that notices every kind of input, wide
// tables and code that the keyboard can scroll, and a first view that does not wait for
// what is below.

const { base } = JSON.parse(document.getElementById("__config").textContent);
const home = new URL(base.replace(/\/*$/, "/"), location);

/** The id of the heading that the reader is at; none above the first section. */
function currentHeading() {
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4)[id]")];
  // The id is encoded, and not the address decoded: `#%` is an address, too.
  const target = headings.find((heading) => new URL(`#${heading.id}`, location).hash === location.hash);
  const { top } = target?.getBoundingClientRect() ?? { top: -1 };
  if (top >= 0 && top < innerHeight) return target.id;
  const header = document.querySelector(".md-header").offsetHeight;
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 2 * header);
  return passed.at(-1)?.id ?? "";
}

const language = document.documentElement.lang;
const languageSwitch = document.querySelector(".language-switch[data-twin]");

/** Aim a link at the page and the heading that the reader is at, in the other language. */
function aim(link) {
  const path = location.pathname.slice(home.pathname.length);
  const twin = new URL(path, new URL(`${languageSwitch.dataset.twin}/`, home));
  twin.search = location.search; // what an explorer shows
  twin.hash = currentHeading();
  link.href = twin;
}

// The header outlives instant navigation, so the links are aimed when they are used.
const offer = document.querySelector(".language-offer");
const twinLinks = [languageSwitch, offer?.querySelector("a")].filter(Boolean);
for (const link of languageSwitch ? twinLinks : []) {
  for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, () => aim(link));
  link.addEventListener("click", () => __md_set("__language", link.hreflang));
}

// What a reader says of a page is said of the heading that is read.
for (const event of ["pointerover", "focusin", "click"]) {
  document.addEventListener(event, ({ target }) => {
    const link = target.closest?.(".feedback a");
    if (!link) return;
    const address = new URL(link.href);
    const [page] = address.searchParams.get("page").split("#");
    address.searchParams.set("page", [page, currentHeading()].filter(Boolean).join("#"));
    link.href = address;
  });
}

// theme/main.html shows the offer before the first paint; turned down, it is not made again.
offer?.querySelector("button").addEventListener("click", () => {
  __md_set("__language", language);
  offer.hidden = true;
});

// Instant navigation stays within a language: a page's header speaks it too.
const english = new URL(language === "en" ? "." : "en/", home).pathname;
document.addEventListener(
  "click",
  ({ target }) => {
    const link = target.closest?.("a[href]");
    if (link && link.pathname.startsWith(english) !== (language === "en")) link.target ||= "_self";
  },
  { capture: true },
);

// Material searches when a key is released; text also comes by pasting, by
// dictation and from input methods. Zensical has a search of its own, which has no such box.
const query = document.querySelector(".md-search__input");
query?.addEventListener("input", () => query.dispatchEvent(new KeyboardEvent("keyup")));

// The index comes with the first search, which on a slow line is waited for.
query?.addEventListener(
  "input",
  () => {
    const said = document.querySelector(".md-search-result__meta");
    said.textContent = language === "en" ? "Reading the index…" : "正在读取索引……";
  },
  { once: true },
);

// On narrow screens Material opens the menu, the search and the page's contents by labels
// of hidden boxes, which neither the keyboard nor a screen reader finds.

/** Put a button in a label's place, which says whether what it opens is open. */
function asButton(label, title) {
  const box = label.control;
  const button = document.createElement("button");
  for (const { name, value } of label.attributes) button.setAttribute(name, value); // for its looks
  button.type = "button";
  if (title) button.setAttribute("aria-label", title);
  button.append(...label.childNodes);
  const show = () => button.setAttribute("aria-expanded", box.checked);
  show();
  box.addEventListener("change", show);
  button.addEventListener("click", () => box.click());
  label.replaceWith(button);
  return button;
}

const drawer = document.querySelector("#__drawer");
const drawerButton = asButton(document.querySelector(".md-header__button[for=__drawer]"), language === "en" ? "Menu" : "菜单");
if (query) {
  const searchButton = asButton(document.querySelector(".md-header__button[for=__search]"), query.placeholder);
  searchButton.addEventListener("click", () => query.focus());
}

drawerButton.addEventListener("click", () => {
  if (!drawer.checked) return;
  const here = [...document.querySelectorAll(".md-sidebar--primary .md-nav__link--active")];
  const link = here.findLast((one) => one.getClientRects().length) ?? drawerButton;
  link.focus();
  link.scrollIntoView({ block: "center" }); // what it unfolds is seen as well
});

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !drawer.checked) return;
  drawer.click();
  drawerButton.focus();
});

addEventListener("focusin", ({ target }) => {
  if (drawer.checked && target !== drawerButton && !target.closest(".md-sidebar--primary")) drawer.click();
});

// The keys for the pages before and after: src/site_finish/lean.py.
const ways = { p: "prev", ",": "prev", n: "next", ".": "next" };
addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey || target.closest("input, select, textarea, [data-explorer]")) return;
  document.querySelector(`.md-footer__link--${ways[key]}`)?.click();
});

const scrollers = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

window.document$.subscribe(() => {
  const contents = document.querySelector(".md-sidebar--primary label[for=__toc]");
  if (contents) asButton(contents);
  scrollers.disconnect();
  for (const box of document.querySelectorAll(".table, pre > code")) scrollers.observe(box);
});

// A figure is shown as large as the screen, or larger, by pointer, finger or keyboard.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.enlarge");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const large = document.createElement("dialog");
  const close = document.createElement("button");
  large.className = "enlarged";
  large.setAttribute("aria-label", language === "en" ? "Figure" : "图");
  close.setAttribute("aria-label", language === "en" ? "Close" : "关闭");
  close.textContent = "✕";
  const figure = link.querySelector("img").cloneNode();
  figure.loading = "eager";
  large.append(close, figure);
  large.addEventListener("click", () => large.close());
  large.addEventListener("close", () => large.remove());
  document.querySelector("article").append(large);
  large.showModal();
});

// WebKit, which alone has hanging punctuation, gives a figure the system's scheme or none:
// there its address names that of the page (src/site_finish/figures.py), twice, since of
// one file it keeps only what it drew first. Paper is light.
if (CSS.supports("hanging-punctuation: first")) {
  const paint = (scheme) => {
    for (const figure of document.querySelectorAll("article img[src*='.svg']")) {
      const address = `${figure.src.split(/[?#]/)[0]}?${scheme}#${scheme}`;
      if (figure.src !== address) figure.src = address;
    }
  };
  const asPage = () => paint(document.body.dataset.mdColorScheme === "slate" ? "dark" : "light");
  new MutationObserver(asPage).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  window.document$.subscribe(asPage);
  addEventListener("beforeprint", () => paint("light"));
  addEventListener("afterprint", asPage);
}

// What is far below the first view is laid out when it is scrolled to (site.css), or else
// here, a few pieces at a time when the processor is idle: then the scroll bar tells true,
// and pages that are come to from this one are laid out whole from their start.
const complete = () => document.documentElement.classList.add("complete");
const pieces = [...document.querySelectorAll(":is(.md-content__inner, .doc-object, .doc-contents) > *")];

function layOut() {
  const end = performance.now() + 5;
  while (pieces.length && performance.now() < end) {
    const next = pieces.shift();
    next.style.contentVisibility = "visible";
    next.getBoundingClientRect(); // now, while there is time, and not with all others
  }
  if (pieces.length) requestIdleCallback(layOut);
  else complete();
}

if (!CSS.supports("overflow-anchor: auto")) complete();
else addEventListener("load", () => requestIdleCallback(layOut));

// On the way back Material scrolls at once, on the page that is left, and takes where that
// ends for the reader's place if the other page comes late. The place that was kept counts.
let kept = null;
addEventListener("popstate", ({ state }) => {
  kept = state && { path: location.pathname, y: state.y };
});

let pages = 0;
window.document$.subscribe(() => {
  pages += 1;
  if (pages > 1) complete();
  if (kept?.path === location.pathname) {
    const { y } = kept;
    requestAnimationFrame(() => scrollTo(0, y));
  }
  kept = null;
});

// WebKit has no anchors for what is read below an explorer while that comes, or grows.
if (!CSS.supports("overflow-anchor: auto")) {
  const hold = (host) => {
    let height = host.offsetHeight;
    new ResizeObserver(() => {
      const grown = host.offsetHeight - height;
      height += grown;
      const header = document.querySelector(".md-header").offsetHeight;
      if (host.getBoundingClientRect().bottom - grown < header) scrollBy(0, grown);
    }).observe(host);
  };
  window.document$.subscribe(() => document.querySelectorAll("[data-explorer]").forEach(hold));
}
