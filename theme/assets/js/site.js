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

// The header outlives instant navigation, so the link is aimed when it is used.
const languageSwitch = document.querySelector(".language-switch[data-twin]");
for (const event of ["pointerenter", "focus", "click"]) {
  languageSwitch?.addEventListener(event, () => {
    const path = location.pathname.slice(home.pathname.length);
    const twin = new URL(path, new URL(`${languageSwitch.dataset.twin}/`, home));
    twin.hash = currentHeading();
    languageSwitch.href = twin;
  });
}

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
