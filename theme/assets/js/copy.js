// Buttons in each block of code; on a phone one wraps long lines, in all blocks. One copies it; the other copies it together with all
// the Python before it on the page, so that what is pasted runs by itself: a block that must
// fail is copied in the form that the page's script gives it, figures are shown, a package
// that is needed is installed. src/site_finish/downloads.py lays all of that ready. Material's
// own button would be put in by measuring one block after the other.

const { translations } = JSON.parse(document.getElementById("__config").textContent);
const copied = translations["clipboard.copied"];
const WORDS = {
  zh: {
    wrap: "自动换行",
    one: "复制",
    all: "连同上文复制",
    whole: ["连同上文复制：粘贴即可运行", "已复制，粘贴即可运行"],
    clone: ["连同上文复制：在仓库的克隆里运行", "已复制，在仓库的克隆里运行"],
  },
  en: {
    wrap: "Wrap lines",
    one: "Copy",
    all: "Copy with all above",
    whole: ["Copy with all above: runs by itself", "Copied; it runs by itself"],
    clone: ["Copy with all above: runs in a clone", "Copied; it runs in a clone"],
  },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.en;

/** The text of a block as it stands in the page's script. */
function script(block) {
  return block.dataset.script ?? block.querySelector("code").textContent;
}

/** What of a page's script goes before some of its blocks, and what after them. */
function around(blocks) {
  const has = (name) => blocks.map(({ dataset }) => dataset[name]).find(Boolean);
  const [install, wheel, show] = ["install", "wheel", "show"].map(has);
  const there = wheel && new URL(wheel, window.location).href;
  return [install ? [install.replace(wheel, there)] : [], show ? [show] : []];
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea"); // where no https lends a clipboard
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

/** A button with a title; on a phone the word is seen as well. */
function button(kind, word, title, pressed) {
  const made = document.createElement("button");
  made.className = `md-code__button ${kind}`;
  made.type = "button";
  made.dataset.word = word;
  made.title = title;
  made.setAttribute("aria-label", title);
  made.addEventListener("click", () => pressed(made));
  return made;
}

/** A button that copies a text, and says so when it is done. */
const copier = (kind, word, title, done, text) =>
  button(kind, word, title, async (made) => {
    await copy(text());
    window.alert$.next(done);
    made.classList.add("copied");
    window.setTimeout(() => made.classList.remove("copied"), 2000);
  });

/** The button that wraps lines or lets them be; what was chosen is kept (theme/main.html). */
function wrapper() {
  const all = document.documentElement.classList;
  const show = () => {
    for (const one of document.querySelectorAll(".wrap-lines"))
      one.setAttribute("aria-pressed", all.contains("wrap"));
  };
  const made = button("wrap-lines", words.wrap, words.wrap, () => {
    __md_set("__wrap", all.toggle("wrap"));
    show();
  });
  made.setAttribute("aria-pressed", all.contains("wrap"));
  return made;
}

window.document$.subscribe(() => {
  const own = [...document.querySelectorAll("article .language-python.highlight:not(.doc *)")];
  const offered = document.querySelectorAll("article .highlight:not(.language-text, .doc-signature)");
  for (const block of offered) {
    const pre = block.querySelector("pre");
    const buttons = document.createElement("div");
    buttons.className = "md-code__nav";
    buttons.append(
      wrapper(),
      copier("copy", words.one, translations["clipboard.copy"], copied, () =>
        pre.querySelector("code").textContent.trimEnd(),
      ),
    );
    const last = own.indexOf(block);
    if (last >= 0) {
      const blocks = own.slice(0, last + 1);
      const said = blocks.some((one) => one.dataset.clone) ? words.clone : words.whole;
      const [before, after] = around(blocks);
      const scripts = () => [...before, ...blocks.map(script), ...after].join("\n\n");
      buttons.append(copier("copy-runnable", words.all, ...said, scripts));
    }
    pre.prepend(buttons);
  }
});
