// The cards that are shown, on paper. Nothing scrolls there: what is too wide for a page is set smaller.

const PAPER = 30; // em, of a card on a page of A4 or Letter
const SMALLEST = 0.4;
const LEAVES = "mi, mn, mo, ms, mtext, mspace";

function prepare() {
  shown.forEach(fill);
  const parts = shown.flatMap((article) => [...article.querySelectorAll("math, table")]);
  document.body.classList.add("pv-measured");
  const ratios = parts.map((part) => (PAPER * sizeAround(part)) / widthOf(part));
  document.body.classList.remove("pv-measured");
  parts.forEach((part, at) => part.style.setProperty("--pv-fit", Math.min(1, Math.max(ratios[at], SMALLEST))));
}

const sizeAround = (part) => parseFloat(getComputedStyle(part.parentElement).fontSize);

// A formula may be wider than it says: the spaces around operators in a fraction are not counted.
function widthOf(part) {
  const boxes = [part, ...part.querySelectorAll(LEAVES)].map((each) => each.getBoundingClientRect());
  return Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
}

async function printShown() {
  if (!shown.length) {
    return;
  }
  prepare();
  const pictures = shown.flatMap((article) => [...article.querySelectorAll("img")]);
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  window.print();
}
