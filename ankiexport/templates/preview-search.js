// Which notes are shown: those of the chosen lessons that have all words and are as chosen.

const BLOCK = /<\/?(?:p|div|h\d|hr|br|ul|ol|li|dl|dt|dd|pre|table|tr|t[dh]|blockquote|figure|annotation)\b[^>]*>/g;
const ENTITY = /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi;
const NAMED = { lt: "<", gt: ">", quot: '"', amp: "&", nbsp: " " };
const PROBLEM = "problem"; // a kind to choose, of what is no note

const search = byId("search");
const choices = ["kind", "change"].map(byId).filter(Boolean);
let texts = null;
let branch = branches[0];

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase();

function textOf(article) {
  texts ??= new Map(articles.map((each) => [each, folded(each.id ? wordsOf(sides[each.id]) : each.textContent)]));
  return texts.get(article);
}

function wordsOf(cards) {
  const text = cards.flat().join(" ").replace(BLOCK, " ").replace(/<[^>]*>/g, "");
  return text.replace(ENTITY, (entity, decimal, hexadecimal, name) => {
    const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
    return name ? (NAMED[name] ?? entity) : String.fromCodePoint(code);
  });
}

// The branch of the tree that the address names; it stays where the address names something else.
function chooseBranch() {
  branch = branches.find((link) => link.getAttribute("href") === (location.hash || "#")) ?? branch;
  for (const link of branches) {
    link.setAttribute("aria-current", String(link === branch));
  }
}

function refresh() {
  const lessons = new Set(branch.dataset.lessons.split(" "));
  const words = folded(search.value).split(/\s+/).filter(Boolean);
  const chosen = choices.filter((choice) => choice.value);
  const isLike = (article) =>
    chosen.every((choice) => article.dataset[choice.id] === choice.value) &&
    words.every((word) => textOf(article).includes(word));
  const alike = new Set(articles.filter(isLike));
  const isThere = (part) => lessons.has(part.closest("section").id);
  articles.forEach((article) => (article.hidden = !alike.has(article) || !isThere(article)));
  const hasProblems = !words.length && chosen.every((choice) => choice.value === PROBLEM);
  problems.forEach((problem) => (problem.hidden = !hasProblems || !isThere(problem)));
  groups.forEach(estimate);
  for (const section of sections) {
    section.hidden = !section.querySelector(".pv-group:not([hidden])");
  }
  shown = notes.filter((article) => !article.hidden);
  if (current?.hidden !== false) {
    choose(shown[0] ?? null, false);
  }
  tell(notes.filter((note) => alike.has(note)).length, words.length || chosen.length);
}

function tell(everywhere, isSearch) {
  const isSeen = (part) => !part.hidden && !part.closest("section").hidden;
  const gone = articles.filter((article) => !article.id && isSeen(article)).length;
  const flagged = problems.filter(isSeen).length;
  const elsewhere = everywhere - shown.length;
  const said = [`Shown: ${shown.length} of ${counted(notes.length, "note")}`];
  if (gone) {
    said.push(`${gone} no longer there`);
  }
  if (flagged) {
    said.push(counted(flagged, "problem"));
  }
  if (isSearch && elsewhere) {
    said.push(`${elsewhere} in other lessons`);
  }
  byId("shown").textContent = isSearch || branch !== branches[0] ? said.join(" · ") : "";
  byId("print").textContent = `Print ${shown.length}`;
  byId("print").disabled = !shown.length;
}

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// Shows everything again.
function reset() {
  search.value = "";
  choices.forEach((choice) => (choice.value = ""));
  search.blur();
  if (branch !== branches[0]) {
    branch = branches[0];
    history.pushState(null, "", location.pathname + location.search);
    chooseBranch();
  }
  refresh();
}

// How high a group is while it is far away; what a browser remembers of it was with other cards.
const HEIGHT = 14; // rem, of a card that is not turned

function estimate(group) {
  const parts = group.querySelectorAll(":scope > :not([hidden])").length;
  group.hidden = !parts;
  group.style.containIntrinsicHeight = `${parts * HEIGHT}rem`;
  requestAnimationFrame(() => (group.style.containIntrinsicHeight = `auto ${parts * HEIGHT}rem`));
}
