// The cards that are shown, on paper. Nothing scrolls there: what is too wide for a page is set smaller.

const PAPER = 30; // em, of a card on a page of A4 or Letter
const SMALLEST = 0.4;

function prepare() {
  shown.forEach(fill);
  const parts = shown.flatMap((article) => [...article.querySelectorAll("math, table")]);
  document.body.classList.add("pv-measured");
  const ratios = parts.map((part) => (PAPER * sizeAround(part)) / part.getBoundingClientRect().width);
  document.body.classList.remove("pv-measured");
  parts.forEach((part, at) => part.style.setProperty("--pv-fit", Math.min(1, Math.max(ratios[at], SMALLEST))));
}

const sizeAround = (part) => parseFloat(getComputedStyle(part.parentElement).fontSize);

// The browser says that it is going to print, which prepares the cards; only pictures take their time before.
async function printShown() {
  if (!shown.length) {
    return;
  }
  shown.forEach(fill);
  const pictures = shown.flatMap((article) => [...article.querySelectorAll("img")]);
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  window.print();
}
