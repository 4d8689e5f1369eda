"use strict";

// The cards of a note are put into its article when its group comes near. What a back adds is hidden until it is turned.

const byId = (id) => document.getElementById(id);
const articles = [...document.querySelectorAll("article")];
const notes = articles.filter((article) => article.id);
const sections = [...document.querySelectorAll("section")];
const groups = [...document.querySelectorAll(".pv-group")];
const branches = [...document.querySelectorAll("nav a")];
const problems = [...document.querySelectorAll("section .pv-problem")];
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
  sides[article.id].forEach(([front, back], number) => {
    const card = document.createElement("div");
    card.className = number ? "card pv-more" : "card";
    card.innerHTML = `${front}<div class="pv-back">${back}</div>`;
    buttonOf(article).before(card);
  });
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

// What is not there before a card is turned; a second card, which shows the answer, is not either
const BACK = ".pv-back, .pv-more";

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
    const [type, content] = files[name] ?? ["", ""];
    addresses.set(name, URL.createObjectURL(new Blob([bytesOf(content)], { type })));
  }
  element.src = addresses.get(name);
}

// One card at a time

const buttonOf = (article) => article.querySelector(":scope > button");

// The card that keys speak of, and the one that Tab reaches; it is marked once somebody goes there.
function choose(article, isFocused = true) {
  if (current) {
    current.classList.remove("pv-current");
    buttonOf(current).tabIndex = -1;
  }
  current = article;
  if (current) {
    buttonOf(current).tabIndex = 0;
  }
  if (current && isFocused) {
    current.classList.add("pv-current");
    buttonOf(current).focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest" });
  }
}

function mark(article) {
  choose(article, false);
  article.classList.add("pv-current");
}

// A card that goes on below is scrolled before the next one comes.
function move(step) {
  const { top, bottom } = current?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  const ceiling = bar.getBoundingClientRect().bottom;
  if (isMarked() && (step > 0 ? bottom > innerHeight && top < innerHeight : top < ceiling && bottom > 0)) {
    scrollBy(0, (step * innerHeight) / 2);
  } else {
    go(step);
  }
}

function go(step) {
  const next = shown[shown.indexOf(current) + step];
  const article = isMarked() ? (next ?? current) : firstInSight();
  if (article) {
    choose(article);
  }
}

const isMarked = () => current?.classList.contains("pv-current");

function firstInSight() {
  const ceiling = Math.max(bar.getBoundingClientRect().bottom, 0);
  return shown.find((article) => article.getBoundingClientRect().bottom > ceiling + 20) ?? shown[0];
}

function turn(article, isShown) {
  for (const part of article.querySelectorAll(BACK)) {
    part.hidden = !isShown;
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
  const backs = [...article.querySelectorAll(":scope > .card:not(.pv-more) > .pv-back:not([hidden])")];
  byId("said").textContent = backs.map((back) => back.textContent).join(" ");
  article.scrollIntoView({ block: "nearest" });
}

const isTurned = (article) => buttonOf(article).getAttribute("aria-expanded") === "true";
