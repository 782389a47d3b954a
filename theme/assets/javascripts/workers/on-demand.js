// Stands in front of Material's search worker, whose file the query of this one's
// address names: it says at once that search is ready, and reads the index with the
// first query. theme/hooks/search_on_demand.py puts the index where it is read.

const SETUP = 0, READY = 1;
let setup, query, loading, ready = false, passing = false;

/** Hand a message to Material's worker, which listens in here too. */
function pass(data) {
  passing = true;
  dispatchEvent(new MessageEvent("message", { data }));
  passing = false;
}

async function load() {
  const answer = await fetch(new URL("../../../search/pages.json", location));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const { config, docs } = await answer.json();
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    if (message.type !== READY) return post(message);
    self.postMessage = post;
    ready = true;
    pass(query); // the latest: those before it are of no use any more
  };
  importScripts(location.search.slice(1));
  pass({ ...setup, data: { ...setup.data, config, docs } });
}

addEventListener("message", (event) => {
  if (ready || passing) return;
  event.stopImmediatePropagation();
  if (event.data.type === SETUP) {
    setup = event.data;
    postMessage({ type: READY });
  } else {
    query = event.data;
    loading ??= load().catch((error) => {
      loading = undefined; // the next key tries again
      console.error(error);
    });
  }
});
