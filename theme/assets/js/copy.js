// Two buttons in each block of code. One copies it; the other copies it together with all
// the Python before it on the page, so that what is pasted runs by itself. A block that
// must fail is then copied in the form that the page's script gives it. Material's own
// button would be put in by measuring one block after the other.

const { translations } = JSON.parse(document.getElementById("__config").textContent);
const copied = translations["clipboard.copied"];
const WORDS = {
  zh: ["连同上文代码一起复制，粘贴即可运行", "已复制，粘贴即可运行"],
  en: ["Copy with all the code above it: runs by itself", "Copied; it runs by itself"],
};
const [runnable, copiedRunnable] = WORDS[document.documentElement.lang] ?? WORDS.en;

/** The text of a block as it stands in the page's script. */
function script(block) {
  return block.dataset.script ?? block.querySelector("code").textContent;
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

/** A button that copies a text, and says so when it is done. */
function button(kind, title, done, text) {
  const made = document.createElement("button");
  made.className = `md-code__button ${kind}`;
  made.type = "button";
  made.title = title;
  made.setAttribute("aria-label", title);
  made.addEventListener("click", async () => {
    await copy(text());
    window.alert$.next(done);
    made.classList.add("copied");
    window.setTimeout(() => made.classList.remove("copied"), 2000);
  });
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
      button("copy", translations["clipboard.copy"], copied, () => pre.textContent.trimEnd()),
    );
    const last = own.indexOf(block);
    const scripts = () => own.slice(0, last + 1).map(script).join("\n\n");
    if (last >= 0) buttons.append(button("copy-runnable", runnable, copiedRunnable, scripts));
    pre.prepend(buttons);
  }
});
