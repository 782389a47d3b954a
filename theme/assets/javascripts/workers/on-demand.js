// Stands in front of Material's search worker, whose file the query of this one's
// address names: it says at once that search is ready, and reads the index with the
// first query. theme/hooks/search_on_demand.py puts the index where it is read.
//
// Material's worker counts words. Of what it finds, this one puts first what has the
// words as they were typed, in a title before a text.

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
const sections = new Map();
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
  for (const { location, title, text, boost = 1 } of docs)
    sections.set(location, { title: plain(title), text: plain(text), boost });
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    if (message.type === RESULT) post({ ...message, data: ranked(message.data) });
    else {
      ready = true;
      pass(query); // the latest: those before it are of no use any more
    }
  };
  importScripts(location.search.slice(1));
  pass({ ...setup, data: { ...setup.data, config, docs } });
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" };

/** A text as it is read: no tags, no marks between the words of Chinese. */
const plain = (html) =>
  html.replace(/<[^>]*>|\u200b/g, "").replace(/&(\w+|#x27);/g, (all, name) => ENTITIES[name] ?? all).normalize("NFKC").toLowerCase();

/** Whether it stands in a text as a word, not as a part of one. */
const isWordOf = (text, one) => ` ${text.replace(/[^\p{L}\p{N}_]+/gu, " ")} `.includes(` ${one} `);

/** How much of what was typed a section has as it was typed. */
function closeness({ location }, whole, words) {
  const { title, text, boost } = sections.get(location);
  const has = (one) =>
    isWordOf(title, one) ? 4 : title.includes(one) ? 3 : text.includes(one) ? 1 : 0;
  const parts = words.reduce((sum, word) => sum + has(word), 0) / words.length;
  return (has(whole) + parts) * Math.sqrt(boost);
}

/** Of Chinese, which has no spaces, every two characters; another word as it is. */
const pairs = (word) =>
  /^\p{sc=Han}{3,}$/u.test(word) ? [...word].slice(1).map((_, i) => word.slice(i, i + 2)) : [word];

/** The pages found, each a list of sections, in a better order; what is equal keeps its own. */
function ranked({ items, ...rest }) {
  const whole = query.typed.toLowerCase().trim();
  const words = split(whole).split(/\s+/).flatMap(pairs);
  const near = (page) => Math.max(...page.map((section) => closeness(section, whole, words)));
  const sorted = [...items].sort((one, other) => near(other) - near(one));
  // The Enter key opens what has the highest score.
  const rescored = sorted.map((page, i) =>
    page.map((section) => ({ ...section, score: sorted.length - i + section.score / (1 + section.score) })),
  );
  return { ...rest, items: rescored };
}

/** 对数sigmoid is two words, as it is in the index. */
const split = (text) =>
  text.replace(/(\p{sc=Han})(?=[\p{sc=Latn}\d])|([\p{sc=Latn}\d])(?=\p{sc=Han})/gu, "$& ");

/** What is looked for: letters of full width are letters, and σ(z) is the sigmoid.
 * theme/assets/js/offline-worker.js does the same. */
const meant = (typed) =>
  typed.normalize("NFKC").replace(/^\s*σ\s*[′']?\s*(\(.*\))?\s*$/u, "sigmoid");

addEventListener("message", (event) => {
  if (passing) return;
  event.stopImmediatePropagation();
  if (event.data.type === SETUP) {
    setup = event.data;
    postMessage({ type: READY });
    return;
  }
  const data = meant(event.data.data);
  query = { type: QUERY, data: split(data), typed: data };
  if (ready) pass(query);
  else if (!data.trim()) postMessage({ type: RESULT, data: { items: [] } });
  else
    loading ??= load().catch((error) => {
      loading = undefined; // the next key tries again
      console.error(error);
    });
});
