"use strict";

// The cards of a note are put into its article when its group comes near. What a back adds is hidden until it is turned.

const byId = (id) => document.getElementById(id);
const articles = [...document.querySelectorAll("article")];
const notes = articles.filter((article) => article.id);
const sections = [...document.querySelectorAll("section")];
const groups = [...document.querySelectorAll(".pv-group")];
const branches = [...document.querySelectorAll("nav a")];
const search = byId("search");
const choices = ["kind", "change"].map(byId).filter(Boolean);
const bar = document.querySelector(".pv-top");
let sides = {};
let files = {};
let shown = notes;
let current = null;

// Cards

function fill(article) {
  if (article.classList.contains("pv-filled")) {
    return;
  }
  article.classList.add("pv-filled");
  for (const [front, back] of sides[article.id]) {
    const card = document.createElement("div");
    card.className = "card";
    card.innerHTML = `${front}<div class="pv-back" hidden>${back}</div>`;
    buttonOf(article).before(card);
  }
  article.querySelectorAll("[data-media]").forEach(load);
  turn(article, isTurned(article));
}

async function unpack(id) {
  const bytes = bytesOf(byId(id).textContent);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

const bytesOf = (coded) => Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));

// What is wider than its card scrolls; without a mouse it must be reached for that.
const WIDE = "pre, table, .ax-context, .ax-question, .ax-answer, .ax-explanation";

function reach(article) {
  for (const part of article.querySelectorAll(WIDE)) {
    part.removeAttribute("tabindex");
    if (part.scrollWidth > part.clientWidth + 1) {
      part.tabIndex = 0;
    }
  }
}

function reachAll() {
  document.querySelectorAll(".pv-filled").forEach(reach);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      const inside = entry.target.querySelectorAll("article[id]");
      inside.forEach(fill);
      inside.forEach(reach);
      near.unobserve(entry.target);
    }
  },
  { rootMargin: "2000px" },
);

const addresses = new Map();

function load(element) {
  const name = element.dataset.media;
  if (!addresses.has(name)) {
    const [type, content] = files[name];
    addresses.set(name, URL.createObjectURL(new Blob([bytesOf(content)], { type })));
  }
  element.src = addresses.get(name);
}

// What is shown

const BLOCK = /<\/?(?:p|div|h\d|hr|br|ul|ol|li|dl|dt|dd|pre|table|tr|t[dh]|blockquote|figure|annotation)\b[^>]*>/g;
const SIGNS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let texts = null;

function textOf(article) {
  texts ??= new Map(articles.map((each) => [each, folded(`${each.textContent} ${wordsOf(sides[each.id] ?? [])}`)]));
  return texts.get(article);
}

function wordsOf(cards) {
  const text = cards.flat().join(" ").replace(BLOCK, " ").replace(/<[^>]*>/g, "");
  return text.replace(/&(lt|gt|quot|amp);/g, (entity) => SIGNS[entity]);
}

function lessonsOf(hash) {
  const branch = branches.find((link) => link.getAttribute("href") === hash) ?? branches[0];
  for (const link of branches) {
    link.setAttribute("aria-current", String(link === branch));
  }
  return new Set(branch.dataset.lessons.split(" "));
}

function refresh() {
  const lessons = lessonsOf(location.hash || "#");
  const words = folded(search.value).split(/\s+/).filter(Boolean);
  const isAny = !words.length && choices.every((choice) => !choice.value);
  const fits = (article) =>
    lessons.has(article.closest("section").id) &&
    choices.every((choice) => !choice.value || article.dataset[choice.id] === choice.value) &&
    words.every((word) => textOf(article).includes(word));
  for (const article of articles) {
    article.hidden = !fits(article);
  }
  for (const problem of document.querySelectorAll("section .pv-problem")) {
    problem.hidden = !isAny;
  }
  groups.forEach(estimate);
  for (const section of sections) {
    section.hidden = !lessons.has(section.id) || !(isAny || section.querySelector("article:not([hidden])"));
  }
  shown = notes.filter((article) => !article.hidden);
  tell();
}

// How high a group is while it is far away; what a browser remembers of it was with other cards.
const HEIGHT = 14; // rem, of a card that is not turned

function estimate(group) {
  const parts = group.querySelectorAll(":scope > :not([hidden])").length;
  group.hidden = !parts;
  group.style.containIntrinsicHeight = `${parts * HEIGHT}rem`;
  requestAnimationFrame(() => (group.style.containIntrinsicHeight = `auto ${parts * HEIGHT}rem`));
}

function tell() {
  const all = notes.length;
  const count = shown.length;
  const noun = count === 1 ? "note" : "notes";
  byId("shown").textContent =
    count === all ? `${count} ${noun}` : count ? `${count} of ${all} notes` : "No note is like that: Esc clears the search";
  byId("print").textContent = `Print ${count}`;
  byId("print").disabled = !count;
}

// One card at a time

const buttonOf = (article) => article.querySelector(":scope > button");

function choose(article, isFocused = true) {
  if (current) {
    current.classList.remove("pv-current");
    buttonOf(current).tabIndex = -1;
  }
  current = article;
  current.classList.add("pv-current");
  const button = buttonOf(article);
  button.tabIndex = 0;
  if (isFocused) {
    button.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
  }
}

// A card that goes on below is scrolled before the next one comes.
function move(step) {
  const { top, bottom } = current?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  const ceiling = bar.getBoundingClientRect().bottom;
  if (current && (step > 0 ? bottom > innerHeight && top < innerHeight : top < ceiling && bottom > 0)) {
    scrollBy(0, (step * innerHeight) / 2);
  } else {
    go(step);
  }
}

function go(step) {
  const at = shown.indexOf(current);
  const next = at < 0 ? firstInSight() : Math.min(Math.max(at + step, 0), shown.length - 1);
  if (shown[next]) {
    choose(shown[next]);
  }
}

function firstInSight() {
  const below = shown.findIndex((article) => article.getBoundingClientRect().bottom > 120);
  return Math.max(below, 0);
}

function turn(article, isShown) {
  for (const back of article.querySelectorAll(".pv-back")) {
    back.hidden = !isShown;
  }
  for (const field of article.querySelectorAll("input#typeans")) {
    compare(field, isShown);
  }
  const button = buttonOf(article);
  button.setAttribute("aria-expanded", String(isShown));
  button.textContent = isShown ? "Hide answer" : "Show answer";
}

// What one card more or less shows is also said.
function flip(article) {
  turn(article, !isTurned(article));
  reach(article);
  const backs = [...article.querySelectorAll(".pv-back:not([hidden])")];
  byId("said").textContent = backs.map((back) => back.textContent).join(" ");
  article.scrollIntoView({ block: "nearest" });
}

const isTurned = (article) => buttonOf(article).getAttribute("aria-expanded") === "true";

// What was typed beside what is expected, as Anki marks it

function compare(field, isShown) {
  field.parentElement.querySelector(".pv-compared")?.remove();
  field.hidden = isShown;
  if (!isShown) {
    return;
  }
  const expected = [...field.dataset.expected];
  const typed = [...field.value.trim()];
  const shared = sharedStart(typed, expected);
  const tail = sharedStart([...typed.slice(shared)].reverse(), [...expected.slice(shared)].reverse());
  const line = document.createElement("code");
  line.id = "typeans";
  line.className = "pv-compared";
  if (typed.length && typed.join("") !== expected.join("")) {
    line.append(...marked(typed, shared, tail, "typeBad"), document.createElement("br"), "↓", document.createElement("br"));
  }
  line.append(...(typed.length ? marked(expected, shared, tail, "typeMissed") : [field.dataset.expected]));
  field.after(line);
}

function sharedStart(one, other) {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) {
    length += 1;
  }
  return length;
}

function marked(letters, start, end, middle) {
  const parts = [
    [letters.slice(0, start), "typeGood"],
    [letters.slice(start, letters.length - end), middle],
    [letters.slice(letters.length - end), "typeGood"],
  ];
  return parts.filter(([part]) => part.length).map(([part, name]) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = part.join("");
    return span;
  });
}

// Nothing scrolls on paper, where a card is a few letters narrower: what is too wide for that is set smaller.

const PAPER = 30; // em, of a card on a page of A4 or Letter
const SMALLEST = 0.4;

function prepare() {
  shown.forEach(fill);
  const parts = shown.flatMap((article) => [...article.querySelectorAll("math, table")]);
  document.body.classList.add("pv-measured");
  const ratios = parts.map((part) => {
    const size = parseFloat(getComputedStyle(part.parentElement).fontSize);
    return (PAPER * size) / part.getBoundingClientRect().width;
  });
  document.body.classList.remove("pv-measured");
  parts.forEach((part, at) => part.style.setProperty("--pv-fit", Math.min(1, Math.max(ratios[at], SMALLEST))));
}

async function printShown() {
  prepare();
  const pictures = shown.flatMap((article) => [...article.querySelectorAll("img")]);
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  window.print();
}

// Events

function onSwitch(id, act) {
  byId(id).addEventListener("click", () => {
    const isOn = byId(id).getAttribute("aria-pressed") !== "true";
    byId(id).setAttribute("aria-pressed", String(isOn));
    act(isOn);
  });
}

const showHelp = () => byId("help").showModal();

const KEYS = {
  ArrowRight: () => go(1),
  ArrowDown: () => move(1),
  ArrowLeft: () => go(-1),
  ArrowUp: () => move(-1),
  Home: () => shown[0] && choose(shown[0]),
  End: () => shown.length && choose(shown.at(-1)),
  " ": () => current && flip(current),
  "/": () => search.focus(),
  "?": showHelp,
};

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "p") {
    event.preventDefault();
    printShown();
    return;
  }
  if (event.key === "Enter" && event.target.matches("#typeans")) {
    flip(event.target.closest("article"));
    return;
  }
  if (event.key === "Escape" && !byId("help").open) {
    reset();
    return;
  }
  const isWriting = event.target.closest("input, select, textarea, dialog");
  const isPressing = event.key === " " && event.target.closest("button, a, summary, audio, video");
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || isPressing || !KEYS[event.key]) {
    return;
  }
  event.preventDefault();
  KEYS[event.key]();
}

function reset() {
  search.value = "";
  for (const choice of choices) {
    choice.value = "";
  }
  if (document.activeElement === search) {
    search.blur();
  }
  refresh();
}

function onClick(event) {
  const article = event.target.closest("article[id]");
  const isOther = event.target.closest("a, input, summary, audio, video");
  if (!article || isOther || String(getSelection())) {
    return;
  }
  choose(article, false);
  if (event.target.closest("article > button") || event.target.closest(".card")) {
    flip(article);
  }
}

function onFocus(event) {
  const article = event.target.closest("article[id]");
  if (article && article !== current) {
    choose(article, false);
  }
}

function listen() {
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 120);
  });
  choices.forEach((choice) => choice.addEventListener("change", refresh));
  addEventListener("hashchange", () => {
    refresh();
    scrollTo(0, 0);
  });
  onSwitch("answers", (isOn) => {
    notes.forEach((note) => turn(note, isOn));
    reachAll();
  });
  onSwitch("night", (isOn) => document.body.classList.toggle("nightMode", isOn));
  onSwitch("phone", (isOn) => {
    byId("cards").classList.toggle("pv-phone", isOn);
    reachAll();
  });
  byId("print").addEventListener("click", printShown);
  byId("keys").addEventListener("click", showHelp);
  byId("cards").addEventListener("click", onClick);
  byId("cards").addEventListener("focusin", onFocus);
  document.addEventListener("keydown", onKey);
  addEventListener("resize", reachAll);
  addEventListener("beforeprint", prepare);
}

// What follows the window: the cards that are near, the height of the bar, the lessons that fold up.
function follow() {
  groups.forEach((group) => near.observe(group));
  new ResizeObserver(() => document.documentElement.style.setProperty("--pv-top", `${bar.offsetHeight}px`)).observe(bar);
  const narrow = matchMedia("(max-width: 52rem)");
  const fold = () => (document.querySelector("nav details").open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
}

async function start() {
  files = JSON.parse(byId("media").textContent);
  sides = await unpack("sides");
  document.querySelector(".pv-tools").hidden = false;
  listen();
  follow();
  if (matchMedia("(prefers-color-scheme: dark)").matches) {
    byId("night").click();
  }
  buttonOf(notes[0]).tabIndex = 0;
  refresh();
}

start();
