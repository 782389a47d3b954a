// Beside each block's copy button, a second one: it copies the block together with all
// the Python before it on the page, so that what is pasted runs by itself. A block that
// must fail is copied in the form that the page's script gives it.

const WORDS = {
  zh: ["连同上文代码一起复制，粘贴即可运行", "已复制，粘贴即可运行"],
  en: ["Copy with all the code above it: runs by itself", "Copied; it runs by itself"],
};

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

window.document$.subscribe(() => {
  const [title, done] = WORDS[document.documentElement.lang] ?? WORDS.en;
  const blocks = [...document.querySelectorAll("article .language-python.highlight")];
  const own = blocks.filter((block) => !block.closest(".doc"));
  own.forEach((block, index) => {
    const button = document.createElement("button");
    button.className = "md-code__button copy-runnable";
    button.type = "button";
    button.title = title;
    button.setAttribute("aria-label", title);
    button.addEventListener("click", async () => {
      await copy(own.slice(0, index + 1).map(script).join("\n\n"));
      button.title = done;
      button.classList.add("copied");
      window.setTimeout(() => {
        button.title = title;
        button.classList.remove("copied");
      }, 2000);
    });
    let nav = block.querySelector(".md-code__nav");
    if (!nav) {
      nav = document.createElement("nav");
      nav.className = "md-code__nav";
      block.querySelector("pre").prepend(nav);
    }
    nav.append(button);
  });
});
