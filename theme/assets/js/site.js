// What the site adds to Material: a language switch that stays at the reader's
// heading, a search that notices every kind of input, and wide tables that the
// keyboard can scroll.

const { base } = JSON.parse(document.getElementById("__config").textContent);
const home = new URL(base.replace(/\/*$/, "/"), location);

/** The id of the heading that the reader is at; none above the first section. */
function currentHeading() {
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4)[id]")];
  const target = headings.find((heading) => decodeURIComponent(location.hash) === `#${heading.id}`);
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
query?.addEventListener("input", () => query.dispatchEvent(new KeyboardEvent("keyup")));

const scrollers = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

window.document$.subscribe(() => {
  scrollers.disconnect();
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) scrollers.observe(box);
});

// The buttons of a block are no part of a page's map, and there are many.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) nav.role = "none";
}).observe(document.body, { childList: true, subtree: true });
