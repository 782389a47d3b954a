// Stands in front of Material's search worker, whose file the query of this one's
// address names: it says at once that search is ready, and reads the index with the
// first query. src/site_finish/search.py puts the index where it is read.
//
// Material's worker counts words. Of what it finds, this one puts first what has the
// words as they were typed, in a title before a text, rare ones before common ones, and
// the pages that name them among their tags.

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
  for (const { location, title, text, boost = 1, tags = [] } of docs)
    sections.set(location, { title: plain(title), body: plain(text), boost, tags });
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    if (message.type === RESULT && !message.data.items.length && query.data !== query.parts) {
      query.data = query.parts;
      pass(query);
    } else if (message.type === RESULT) post({ ...message, data: ranked(message.data) });
    else {
      ready = true;
      pass(query); // the latest: those before it are of no use any more
    }
  };
  importScripts(location.search.slice(1));
  // lunr says of the letters that may follow, each with a number, without a mark between:
  // where digits are letters, two places look like one, and words are lost or made up.
  lunr.TokenSet.prototype.toString = function () {
    const said = () => Object.keys(this.edges).sort().map((letter) => `${letter}${this.edges[letter].id},`);
    return this._str ?? [+this.final, ...said()].join("");
  };
  config.fields.tags.boost = 0.001; // by them a page is found; what comes first, is told below
  pass({ ...setup, data: { ...setup.data, config, docs } });
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" };

/** A text as it is read: no tags, no marks between the words of Chinese. With it, made
 * once and not at every key, the same with blanks alone between its words. */
const plain = (html) => {
  const text = html.replace(/<[^>]*>|\u200b/g, "").replace(/&(\w+|#x27);/g, (all, name) => ENTITIES[name] ?? all).normalize("NFKC").toLowerCase();
  return { text, words: spaced(text) };
};
const spaced = (text) => ` ${text.replace(/[^\p{L}\p{N}_]+/gu, " ").trim()} `;

/** How rare a word is: what stands in every section says little of any. */
function rarity(word) {
  let having = 0;
  for (const { title, body } of sections.values()) having += title.text.includes(word) || body.text.includes(word);
  return Math.log(1 + sections.size / (1 + having));
}

/** How much of what was typed a section has as it was typed. */
function closeness({ location }, whole, words) {
  const { title, body, boost } = sections.get(location);
  const has = (one) => {
    const word = spaced(one);
    return title.words.includes(word) ? 4 : title.text.includes(one) ? 3 : body.words.includes(word) ? 1.5 : body.text.includes(one) ? 1 : 0;
  };
  let parts = 0, all = 0;
  for (const [word, weight] of words) {
    parts += weight * has(word);
    all += weight;
  }
  return (has(whole) + parts / all) * Math.sqrt(boost);
}

/** How much of what was typed is among the words that a page says it is looked for by. */
function sought(page, whole) {
  const { tags = [] } = sections.get(page[0].location.split("#")[0]) ?? {};
  const named = tags.filter((tag) => /\p{sc=Han}/u.test(tag) ? whole.includes(tag) : spaced(split(whole)).includes(spaced(tag)));
  return named.join("").length / whole.replace(/\s/g, "").length;
}

/** Of Chinese, which has no spaces, every two characters; another word as it is. */
const pairs = (word) =>
  /^\p{sc=Han}{3,}$/u.test(word) ? [...word].slice(1).map((_, i) => word.slice(i, i + 2)) : [word];

/** Of a question the parts by which it is looked for. */
const parts = (text) => split(text).split(/\s+/).flatMap(pairs);

/** The pages found, each a list of sections, in a better order; what is equal keeps its own. */
function ranked({ items, ...rest }) {
  const whole = query.typed.toLowerCase().trim();
  const words = parts(whole).map((word) => [word, rarity(word)]);
  const near = (page) =>
    Math.max(...page.map((section) => closeness(section, whole, words))) + 7 * sought(page, whole);
  const sorted = [...items].sort((one, other) => near(other) - near(one));
  // The Enter key opens what has the highest score. Tags are found, and not shown.
  const rescored = sorted.map((page, i) =>
    page.map(({ tags, ...section }) => ({ ...section, score: sorted.length - i + section.score / (1 + section.score) })),
  );
  return { ...rest, items: rescored };
}

/** 对数sigmoid is two words, as it is in the index. */
const split = (text) =>
  text.replace(/(\p{sc=Han})(?=[\p{sc=Latn}\d])|([\p{sc=Latn}\d])(?=\p{sc=Han})/gu, "$& ");

// What a question is asked with says nothing of what it is about.
const ASKING = new Set(
  ("what which how why when where is are am was does do did can could should will i my me you your own we it its " +
    "a an the this that to of in on at for with before and or not no be if there from by mean need use happens work").split(" "),
);
const ASKING_IN_CHINESE =
  /是什么意思|什么意思|为什么|怎么办|怎么样|什么是|是什么|要不要|能不能|怎么|怎样|什么|如何|哪个|哪些|之前|前面|需要|[的了吗呢]/gu;

/** What is looked for: letters of full width are letters, σ(z) is the sigmoid, and a
 * question is what it is about. */
const meant = (typed) => {
  const text = typed.normalize("NFKC").replace(/^\s*σ\s*[′']?\s*(\(.*\))?\s*$/u, "sigmoid");
  const words = text.replace(ASKING_IN_CHINESE, " ").split(/\s+/);
  const about = words.filter((word) => !ASKING.has(word.toLowerCase()) && !/^\w+n['’]t$/.test(word)).join(" ").trim();
  return /[\p{L}\p{N}]/u.test(about) ? about : text;
};

addEventListener("message", (event) => {
  if (passing) return;
  event.stopImmediatePropagation();
  if (event.data.type === SETUP) {
    setup = event.data;
    postMessage({ type: READY });
    return;
  }
  const typed = meant(event.data.data);
  const words = typed.replace(/[\^~*+:]/g, " "); // which Material's worker takes for orders
  // Of Chinese it finds nothing where no word is known that a question begins with: then
  // its parts are looked for.
  query = { type: QUERY, data: split(words), parts: parts(words).join(" "), typed };
  if (ready) pass(query);
  else if (!typed.trim()) postMessage({ type: RESULT, data: { items: [] } });
  else
    loading ??= load().catch((error) => {
      loading = undefined; // the next key tries again
      console.error(error);
    });
});
