// Makes each card fit its page or its place on a sheet: sets it smaller, step by step, and then gives it more room.
// All cards are measured together: first everything is written, then everything is read, so that a step costs one
// layout of the document. Marks in which part of the print each page is, and gives how many parts there are.
(() => {
  // How much smaller than it would be else what is wide may be set, and what may be broken after that
  const NEATLY = { table: 0.6, math: 0.6, pre: 0.65, breaks: [] };
  const WITH_WHOLE_WORDS = { table: 0.47, math: 0.45, pre: 0.5, breaks: ["math"] };
  const SOMEHOW = { ...WITH_WHOLE_WORDS, breaks: ["math", "table"] };
  // Sizes of type, in points
  const SINGLE = [20, 18, 16.5, 15, 14];
  const SHEETS = [
    { name: "small", columns: 2, rows: 4, sizes: [12, 11, 10, 9, 8, 7.5, 7], way: NEATLY },
    { name: "half", columns: 1, rows: 2, sizes: [15, 13, 11.5, 10, 9, 8], way: NEATLY },
    { name: "whole", columns: 1, rows: 1, sizes: [16, 14, 12.5, 11, 10, 9], way: NEATLY },
    { name: "whole", columns: 1, rows: 1, sizes: [16, 14, 12.5, 11], way: WITH_WHOLE_WORDS },
    { name: "whole", columns: 1, rows: 1, sizes: [14, 12.5, 11], way: SOMEHOW },
  ];
  const LEAST = 5.5; // of what is set smaller because it is wide; below that the card gets more room
  const SPARE = 0.985; // of its room something wide is made to take; the rest is for what rounding does
  const GAIN = 1.4; // how much larger the pieces of a formula must be than the whole, to be worth it
  const WRAPPED = 0.75; // that of code whose lines do not fit all the same, and of a table with few columns
  const FEW = 4;
  const SHORT = 110; // letters: so much text stands in the middle of a card
  // So many cards the browser prints in one go; of more it prints parts, as twice as many take it four times as long
  const WHOLE = 500;
  const PART = 250;
  const TALL = 4; // lines: a picture of that height stands on its own
  const BLOCKS = "ul, ol, dl, pre, table, blockquote, figure";
  const SIGNS = /^[+\-−±∓=≠≈≡<>≤≥∼→⇒⇔∈⊂⊆,;]$/u; // before which a formula may go on on the next line

  const make = (name, classes) => {
    const made = document.createElement(name);
    made.className = classes;
    return made;
  };

  const within = (boxes, selector) => boxes.flatMap((box) => [...box.querySelectorAll(selector)]);
  const unbroken = new Map(); // the formulas that were broken up, by what stands for them
  const setSize = (boxes, size) => boxes.forEach((box) => (box.style.fontSize = `${size}pt`));

  /** How wide and high a box is inside its padding. */
  const inside = (box) => {
    const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(box);
    return {
      width: box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight),
      height: box.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom),
    };
  };

  /** Is what a box holds lower or wider than its inside? */
  const overflows = (box) => {
    const { width, height } = inside(box);
    const held = box.querySelector(":scope > .card") ?? box;
    return held.scrollHeight > Math.ceil(height) || held.scrollWidth > Math.ceil(width);
  };

  /** How wide the block is in which an element stands. */
  const roomOf = (element) => {
    let block = element.parentElement;
    while (!block.clientWidth || getComputedStyle(block).display === "inline") {
      block = block.parentElement;
    }
    return inside(block).width;
  };

  const measured = (element) => {
    const { width } = element.getBoundingClientRect();
    const room = roomOf(element);
    const size = parseFloat(getComputedStyle(element).fontSize);
    return {
      element,
      isWide: width > room * (element.localName === "math" ? SPARE : 1) + 0.5,
      ratio: (room * SPARE) / width,
      em: size / parseFloat(getComputedStyle(element.parentElement).fontSize),
    };
  };

  /** Sets elements that are wider than their room smaller, by no more than their limit; gives those that still are. */
  const shrink = (elements, limitOf) => {
    const wide = elements.map(measured).filter(({ isWide }) => isWide);
    wide.forEach(({ element, ratio, em }) => {
      const before = Number(element.dataset.ratio ?? 1);
      setRatio(element, em / before, Math.max(limitOf(element), before * ratio));
    });
    return wide.map(({ element }) => element);
  };

  const setRatio = (element, em, ratio) => {
    element.dataset.ratio = ratio;
    element.style.fontSize = `${em * ratio}em`;
  };

  const rescale = (element, ratio) =>
    setRatio(element, parseFloat(element.style.fontSize) / element.dataset.ratio, ratio);

  /** Is a table wide for one long word, as an address is, rather than for its columns? */
  const isSparse = (table) => table.rows[0].cells.length <= FEW;

  /** A formula in pieces, between which lines may break. */
  const breakUp = (math) => {
    const row = math.querySelector(":scope > semantics > mrow, :scope > mrow");
    if (!row) {
      return [];
    }
    const pieces = [];
    [...row.children].forEach((part, index) => {
      if (!index || (part.localName === "mo" && SIGNS.test(part.textContent))) {
        const piece = document.createElementNS(math.namespaceURI, "math");
        piece.setAttribute("displaystyle", math.getAttribute("display") === "block");
        pieces.push(piece);
      }
      pieces.at(-1).append(part.cloneNode(true));
      if (index && pieces.at(-1).children.length === 1) {
        pieces.at(-1).firstChild.setAttribute("form", "infix");
      }
    });
    const whole = make("span", "formula");
    if (math.getAttribute("display") === "block") {
      whole.style.display = "block";
    }
    pieces.forEach((piece) => whole.append(piece, " "));
    unbroken.set(whole, math);
    math.replaceWith(whole);
    return pieces;
  };

  /** Breaks formulas up where that gains much; the pieces of each get one size, at which the widest fits. */
  const breakAll = (formulas) => {
    const needed = formulas.map(measured).map(({ element, ratio }) => ratio * element.dataset.ratio);
    const groups = formulas.map(breakUp);
    const pieces = groups.flat();
    shrink(shrink(shrink(pieces, () => 0), () => 0), () => 0);
    groups.forEach((group, index) => {
      const ratio = Math.min(1, ...group.map((piece) => Number(piece.dataset.ratio ?? 1)));
      const widest = group.find((piece) => Number(piece.dataset.ratio) === ratio);
      if (ratio < GAIN * needed[index]) {
        group[0]?.parentElement.replaceWith(formulas[index]);
      } else if (widest) {
        group.forEach((piece) => setRatio(piece, parseFloat(widest.style.fontSize) / ratio, ratio));
      }
    });
  };

  /** Code, tables and formulas as wide as their room, in some way; gives the boxes in which that is not enough. */
  const narrow = (boxes, way) => {
    within(boxes, ".formula").forEach((whole) => whole.replaceWith(unbroken.get(whole)));
    const wide = within(boxes, "pre, table, math").filter((one) => !one.parentElement.closest("pre, table, math"));
    const limitOf = (element) => way[element.localName];
    wide.forEach((element) => {
      element.style.fontSize = "";
      delete element.dataset.ratio;
      element.classList.remove("tight", "broken");
      element.classList.toggle("whole", element.localName === "pre");
    });
    let still = shrink(shrink(shrink(wide, limitOf), limitOf), limitOf);
    wide.forEach((element) => element.classList.remove("whole"));
    const only = (elements, name) => elements.filter((element) => element.localName === name);
    only(still, "pre").forEach((element) => rescale(element, WRAPPED));
    only(still, "table").forEach((element) => element.classList.add("tight"));
    still = still.filter((element) => element.localName !== "pre" && measured(element).isWide);
    const broken = still.filter((element) => way.breaks.includes(element.localName));
    only(broken, "table").forEach((element) => element.classList.add("broken"));
    only(broken, "table").filter(isSparse).forEach((element) => rescale(element, WRAPPED));
    breakAll(only(broken, "math"));
    const rest = broken.filter((element) => element.isConnected);
    shrink(shrink(rest, () => 0), () => 0);
    return new Set(boxes.filter((box) => still.some((one) => !broken.includes(one) && box.contains(one))));
  };

  /** The least size of the text around it at which all of a box can be read. */
  const leastOf = (box) =>
    Math.max(0, ...[...box.querySelectorAll("[data-ratio]")].map((one) => LEAST / parseFloat(one.style.fontSize)));

  /** Sets each box as large as it fits; gives those that fit at no size. */
  const fit = (boxes, sizes, way) => {
    setSize(boxes, sizes[0]);
    const never = narrow(boxes, way);
    const least = new Map(boxes.map((box) => [box, Math.min(sizes[0], leastOf(box))]));
    let open = boxes.filter((box) => !never.has(box));
    for (const size of sizes) {
      setSize(open, size);
      open = open.filter((box) => size < least.get(box) || overflows(box));
    }
    return [...never, ...open];
  };

  const flow = (notes, size) => {
    notes.forEach((note) => note.classList.add("flows"));
    setSize(notes, size);
    narrow(notes, SOMEHOW);
  };

  const place = (one, column, row) => {
    one.style.setProperty("--column", column);
    one.style.setProperty("--row", row);
    return one;
  };

  /** Two sides of a sheet: questions with the lines to cut along, and on their back the answers. */
  const sheetOf = (notes, { name, columns, rows }) => {
    const questions = make("section", `sheet ${name}`);
    const answers = make("section", `sheet ${name}`);
    for (let row = 1; row < rows; row += 1) {
      questions.append(place(make("i", "cut across"), 0, row));
    }
    if (columns > 1) {
      questions.append(make("i", "cut down"));
    }
    notes.forEach((note, index) => {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      questions.append(place(note.querySelector(".front"), column, row));
      answers.append(place(note.querySelector(".back"), columns - 1 - column, row));
    });
    return [questions, answers];
  };

  /** A card on each page; gives the notes that are too long. Words of a table are broken if all else is not enough. */
  const fillPages = (notes) => {
    const open = fit(notes, SINGLE, WITH_WHOLE_WORDS);
    return fit(open, SINGLE.slice(-1), SOMEHOW);
  };

  /** The cards on sheets, from small ones to large ones; gives the notes that fit on no sheet. */
  const cutOut = (all) => {
    const pages = [];
    let left = all;
    for (const sheet of SHEETS) {
      left.forEach((note) => note.classList.add(sheet.name));
      const open = new Set(fit(within(left, ".side"), sheet.sizes, sheet.way).map((side) => side.parentElement));
      const fitting = left.filter((note) => !open.has(note));
      const each = sheet.columns * sheet.rows;
      for (let at = 0; at < fitting.length; at += each) {
        pages.push(...sheetOf(fitting.slice(at, at + each), sheet));
      }
      left = left.filter((note) => open.has(note));
      left.forEach((note) => note.classList.remove(sheet.name));
      fitting.forEach((note) => note.remove());
    }
    document.body.prepend(...pages);
    within(left, ".side").forEach((side) => (side.style.fontSize = ""));
    return left;
  };

  /** Says in which part of the print each page is; gives how many parts there are. */
  const numberParts = (cards) => {
    const most = cards > WHOLE ? PART : WHOLE;
    let sides = 0;
    for (const page of document.body.children) {
      page.dataset.part = Math.floor(sides / (2 * most));
      sides += page.querySelectorAll(".side").length;
    }
    return 1 + Number(document.body.lastElementChild.dataset.part);
  };

  const notes = [...document.querySelectorAll(".note")];
  const isShort = (side) => !side.querySelector(BLOCKS) && side.querySelector(".card").textContent.length < SHORT;
  within(notes, ".side").filter(isShort).forEach((side) => side.classList.add("short"));
  setSize(notes, SINGLE[0]);
  within(notes, "img")
    .filter((image) => image.offsetHeight > TALL * parseFloat(getComputedStyle(image).fontSize))
    .forEach((image) => image.classList.add("tall"));
  const long = document.body.matches(".duplex") ? cutOut(notes) : fillPages(notes);
  flow(long, SINGLE.at(-1));
  return numberParts(notes.length);
})()
