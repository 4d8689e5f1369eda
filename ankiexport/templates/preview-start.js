// Keys, clicks and what follows the window.

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
  Home: () => choose(shown[0] ?? null),
  End: () => choose(shown.at(-1) ?? null),
  " ": () => isMarked() && flip(current),
  "/": () => search.focus(),
  "?": showHelp,
};

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "p") {
    event.preventDefault();
    printShown();
    return;
  }
  if (event.key === "Enter" && event.target.matches("input#typeans")) {
    flip(event.target.closest("article"));
    return;
  }
  if (["Enter", "ArrowDown"].includes(event.key) && event.target === search) {
    event.preventDefault();
    refresh();
    choose(shown[0] ?? null);
    return;
  }
  if (event.key === "Escape" && !byId("help").open) {
    reset();
    return;
  }
  const isWriting = event.target.closest("input, select, textarea, dialog, audio, video");
  const isPressing = event.key === " " && event.target.closest("button, a, summary");
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || isPressing || !KEYS[event.key]) {
    return;
  }
  event.preventDefault();
  KEYS[event.key]();
}

function onClick(event) {
  const article = event.target.closest("article[id]");
  const isOther = event.target.closest("a, input, summary, audio, video");
  if (!article || isOther) {
    return;
  }
  mark(article);
  const isButton = event.target.closest("article > button");
  const isSelecting = !getSelection().isCollapsed && article.contains(getSelection().anchorNode);
  if (isButton || (event.target.closest(".card") && !isSelecting)) {
    flip(article);
  }
}

function onFocus(event) {
  const article = event.target.closest("article[id]");
  if (article) {
    mark(article);
  }
}

// What is found is seen from its beginning.
function find() {
  refresh();
  scrollTo(0, 0);
}

function listen() {
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  choices.forEach((choice) => choice.addEventListener("change", find));
  addEventListener("hashchange", () => {
    const before = branch;
    chooseBranch();
    if (branch !== before) {
      find();
    }
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
  chooseBranch();
  refresh();
}

start().catch((error) => {
  const told = document.createElement("p");
  told.className = "pv-problem";
  told.textContent = `The cards cannot be shown (${error.message}). It takes a browser of 2023 or later.`;
  byId("cards").prepend(told);
  throw error;
});
