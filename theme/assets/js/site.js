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
// dictation and from input methods.
const query = document.querySelector(".md-search__input");
query.addEventListener("input", () => query.dispatchEvent(new KeyboardEvent("keyup")));

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
const searchButton = asButton(document.querySelector(".md-header__button[for=__search]"), query.placeholder);
searchButton.addEventListener("click", () => query.focus());

drawerButton.addEventListener("click", () => {
  if (!drawer.checked) return;
  const here = [...document.querySelectorAll(".md-sidebar--primary .md-nav__link--active")];
  (here.findLast((link) => link.checkVisibility()) ?? drawerButton).focus();
});

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !drawer.checked) return;
  drawer.click();
  drawerButton.focus();
});

addEventListener("focusin", ({ target }) => {
  if (drawer.checked && target !== drawerButton && !target.closest(".md-sidebar--primary")) drawer.click();
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
