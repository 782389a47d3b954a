// Brings a page's live explorers: where the Markdown has an empty
// <div class="explorer" data-explorer="NAME"></div>, explorers/NAME.js builds the
// explorer once the reader comes near. Without JavaScript the div stays empty, and
// the figure before it serves.

const stylesheet = new URL("../css/explorers.css", import.meta.url).href;

/** Resolves when the style sheet is there; instant navigation may have removed it. */
function styled() {
  if (document.querySelector(`link[href="${stylesheet}"]`)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: stylesheet });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

async function bring(host, signal) {
  try {
    const [{ mount }] = await Promise.all([import(`./explorers/${host.dataset.explorer}.js`), styled()]);
    if (!signal.aborted) mount(host, signal);
  } catch (error) {
    host.remove(); // no gap where nothing came; the figure stays
    throw error;
  }
}

let page = new AbortController();

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
    if (link.origin !== location.origin || link.pathname !== location.pathname) return;
    event.preventDefault();
    event.stopPropagation();
    history.replaceState(history.state, "", link.href);
    document.dispatchEvent(new Event("explorer-state"));
    const place = (link.hash && document.getElementById(link.hash.slice(1))) || host;
    place.scrollIntoView();
    host.tabIndex = -1;
    host.focus({ preventScroll: true });
  },
  true,
);
