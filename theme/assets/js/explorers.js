// Brings a page's live explorers: where the Markdown has an empty
// <div class="explorer" data-explorer="NAME"></div>, the function NAME of the joined
// modules (src/site_finish/explorers.py) builds the explorer once the reader comes near.
// Without JavaScript the div stays empty, and the figure before it serves.

let page = new AbortController();

async function bring(host, signal) {
  try {
    const { explorers } = await import("./explorers/all.js");
    if (!signal.aborted) explorers[host.dataset.explorer](host, signal);
  } catch (error) {
    host.remove(); // no gap where nothing came; the figure stays
    throw error;
  }
}

// Emits for each page, also after instant navigation.
window.document$.subscribe(() => {
  page.abort();
  page = new AbortController();
  const { signal } = page;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        bring(target, signal);
      }
    },
    { rootMargin: "500px 0px" },
  );
  signal.addEventListener("abort", () => observer.disconnect());
  for (const host of document.querySelectorAll("[data-explorer]")) observer.observe(host);
});

// A link from the text into an explorer of the same page sets it without a reload, and
// without instant navigation, which takes it for the place where the reader is already.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("article a[href*='?']");
    const host = document.querySelector("[data-explorer]");
    if (!link || !host || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.origin + link.pathname !== location.origin + location.pathname) return;
    event.preventDefault();
    event.stopPropagation();
    history.pushState(null, "", link.href); // the way back leads to the link
    document.dispatchEvent(new Event("explorer-state"));
    (document.getElementById(link.hash.slice(1)) ?? host).scrollIntoView();
    host.tabIndex = -1;
    host.focus({ preventScroll: true });
  },
  true,
);
