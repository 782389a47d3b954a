// Explains a term of the glossary where a page first uses it, on hover, focus and tap.
// src/site_finish/glossary.py marks the words when the site is built, and writes what is said
// of them, which is fetched for the first that is asked about.

const { base } = JSON.parse(document.getElementById("__config").textContent);
const home = new URL(base.replace(/\/*$/, "/"), location);
const explained = (word) =>
  import("./glossary-terms.js").then(({ terms, spelt }) => terms[spelt[word]]);

/** An element with what stands in it. */
function made(tag, ...inside) {
  const element = document.createElement(tag);
  element.append(...inside);
  return element;
}

/** The one that is open, if any. */
let open = null;

class GlossaryTerm extends HTMLElement {
  connectedCallback() {
    if (this.word) return;
    this.word = made("span", ...this.childNodes);
    this.word.tabIndex = 0;
    this.word.setAttribute("role", "button");
    this.word.setAttribute("aria-expanded", "false");
    this.append(this.word);
    let timer, wasOpen;
    const soon = (what) => {
      clearTimeout(timer);
      timer = setTimeout(what, 200);
    };
    const mouse = (what) => ({ pointerType }) => pointerType === "mouse" && soon(what);
    this.addEventListener("pointerenter", mouse(() => this.open()));
    this.addEventListener("pointerleave", mouse(() => this.contains(document.activeElement) || this.close()));
    this.word.addEventListener("focus", () => this.word.matches(":focus-visible") && this.open());
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.close());
    this.word.addEventListener("pointerdown", () => (wasOpen = open === this));
    this.word.addEventListener("click", () => {
      clearTimeout(timer);
      if (wasOpen) this.close();
      else this.open();
    });
    this.word.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.open();
    });
  }

  async open() {
    if (open === this) return;
    open?.close();
    open = this;
    this.word.setAttribute("aria-expanded", "true");
    // There before it is filled: what comes into it then is read out.
    this.tip = made("span");
    this.tip.setAttribute("role", "status");
    this.tip.popover = "manual"; // above all else, where a browser can; else site.css does it
    this.append(this.tip);
    const [name, other, meaning, address, title] = await explained(this.word.textContent);
    if (!this.tip) return;
    const parts = meaning.split("`").map((text, i) => (i % 2 ? made("code", text) : text));
    const link = made("a", title);
    link.href = new URL(address, home);
    const names = name === other ? [made("strong", name)] : [made("strong", name), ` ${other}`];
    this.tip.append(made("span", ...names), made("span", ...parts), link);
    this.tip.showPopover?.();
    this.place();
  }

  /** Below the word, or above it where there is more room. */
  place() {
    const { left, top, bottom } = this.word.getClientRects()[0];
    const { width, height } = this.tip.getBoundingClientRect();
    const below = bottom + height < innerHeight || top < height;
    Object.assign(this.tip.style, {
      left: `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`,
      top: `${below ? bottom : top - height}px`,
      visibility: "visible",
    });
  }

  close() {
    if (open !== this) return;
    open = null;
    this.word.setAttribute("aria-expanded", "false");
    this.tip.remove();
    this.tip = null;
  }
}

customElements.define("glossary-term", GlossaryTerm);

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !open) return;
  if (open.tip.contains(document.activeElement)) open.word.focus({ preventScroll: true });
  open.close();
});
addEventListener("pointerdown", ({ target }) => open?.contains(target) || open?.close());
addEventListener("scroll", () => open?.close(), { passive: true });
