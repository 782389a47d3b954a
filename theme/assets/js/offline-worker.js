// A page of a folder (file://) may start no worker. This stands in for the search
// worker: a frame runs its script, and messages go to and fro as events. It is loaded in
// the offline site only (src/site_finish/offline.py).

const QUERY = 2;

/** Letters of full width are letters, and σ(z) is the sigmoid, as in on-demand.js. */
const meant = (typed) =>
  typed.normalize("NFKC").replace(/^\s*σ\s*[′']?\s*(\(.*\))?\s*$/u, "sigmoid");

class IFrameWorker extends EventTarget {
  #frame = document.createElement("iframe");
  #ready;

  constructor(url) {
    super();
    this.#frame.hidden = true;
    this.#frame.title = "search";
    document.body.append(this.#frame);
    const inside = this.#frame.contentWindow;
    const worker = new URL(url, document.baseURI);
    const run = (address) =>
      new Promise((resolve, reject) => {
        const script = inside.document.createElement("script");
        script.src = new URL(address, worker);
        script.onload = resolve;
        script.onerror = () => reject(new Error(`cannot load ${script.src}`));
        inside.document.body.append(script);
      });
    inside.importScripts = async (...addresses) => {
      for (const address of addresses) await run(address);
    };
    inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
    this.#ready = run(worker);
  }

  async postMessage(data) {
    await this.#ready;
    const inside = this.#frame.contentWindow;
    if (data.type === QUERY) data = { ...data, data: meant(data.data) };
    inside.dispatchEvent(new inside.MessageEvent("message", { data }));
  }

  terminate() {
    this.#frame.remove();
  }
}

// The worker's own script looks for this name.
window.IFrameWorker = IFrameWorker;
window.Worker = IFrameWorker;
