// What the site adds to Material: a language switch that stays at the reader's
// heading, and wide formulas and tables that the keyboard can scroll.

const { base } = JSON.parse(document.getElementById("__config").textContent);
const home = new URL(`${base}/`, location);

/** The id of the heading that the reader is at; none above the first section. */
function currentHeading() {
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4)[id]")];
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
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

const scrollers = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

window.document$.subscribe(() => {
  scrollers.disconnect();
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .math-display")) {
    scrollers.observe(box);
  }
});
