// Makes each card fit its page or its place on a sheet: sets it smaller, step by step, and then gives it more room.
// All cards are measured together: first everything is written, then everything is read, so that a step costs one
// layout of the document. Marks in which part of the print each page is, and gives how many parts there are.
(() => {
  // Sizes of type, in points
  const SINGLE = [20, 18, 16.5, 15, 14];
  const SHEETS = [
    { name: "small", columns: 2, rows: 4, sizes: [12, 11, 10, 9, 8, 7.5, 7] },
    { name: "half", columns: 1, rows: 2, sizes: [15, 13, 11.5, 10, 9, 8] },
    { name: "whole", columns: 1, rows: 1, sizes: [16, 14, 12.5, 11, 10, 9] },
  ];
  const LEAST = 5.5; // of what is set smaller because it is wide; below that the card gets more room
  const NARROWEST = { table: 0.6, math: 0.6, pre: 0.65 }; // how much smaller that may be than it would be else
  const LAST_RESORT = { table: 0.45, math: 0.6, pre: 0.5 }; // and where a card has a page or more
  const WRAPPED = 0.75; // that of code whose lines do not fit all the same
  const SHORT = 110; // letters: so much text stands in the middle of a card
  // So many cards the browser prints in one go; of more it prints parts, as twice as many take it four times as long
  const WHOLE = 500;
  const PART = 250;
  const TALL = 4; // lines: a picture of that height stands on its own
  const BLOCKS = "ul, ol, dl, pre, table, blockquote, figure";
  const SIGNS = /^[+\-−±∓=≠≈≡<>≤≥∼→⇒⇔∈⊂⊆,;]$/u; // before which a formula may go on on the next line

  const within = (boxes, selector) => boxes.flatMap((box) => [...box.querySelectorAll(selector)]);
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
    const size = parseFloat(getComputedStyle(element).fontSize);
    return {
      element,
      ratio: (roomOf(element) * 0.995) / element.getBoundingClientRect().width,
      em: size / parseFloat(getComputedStyle(element.parentElement).fontSize),
    };
  };

  /** Sets elements that are wider than their room smaller, by no more than their limit; gives those that still are. */
  const shrink = (elements, limitOf) => {
    const wide = elements.map(measured).filter(({ ratio }) => ratio < 0.995);
    wide.forEach(({ element, ratio, em }) => {
      const before = Number(element.dataset.ratio ?? 1);
      const now = Math.max(limitOf(element), before * ratio);
      element.dataset.ratio = now;
      element.style.fontSize = `${(em / before) * now}em`;
    });
    return wide.map(({ element }) => element);
  };

  const rescale = (element, ratio) => {
    element.style.fontSize = `${(parseFloat(element.style.fontSize) / element.dataset.ratio) * ratio}em`;
    element.dataset.ratio = ratio;
  };

  /** A formula in pieces, between which lines may break. */
  const breakUp = (math) => {
    const row = math.querySelector(":scope > semantics > mrow, :scope > mrow");
    if (!row) {
      return;
    }
    const pieces = [];
    [...row.children].forEach((part, index) => {
      if (!index || (part.localName === "mo" && SIGNS.test(part.textContent))) {
        const piece = document.createElementNS(math.namespaceURI, "math");
        piece.setAttribute("displaystyle", math.getAttribute("display") === "block");
        pieces.push(piece);
        if (index) {
          part.setAttribute("form", "infix");
        }
      }
      pieces.at(-1).append(part);
    });
    const whole = document.createElement("span");
    if (math.getAttribute("display") === "block") {
      whole.className = "formula";
      whole.style.display = "block";
    }
    pieces.forEach((piece) => whole.append(piece, " "));
    math.replaceWith(whole);
  };

  /** Code, tables and formulas as wide as their room. With a last resort, whatever they look like. */
  const narrow = (boxes, isLast) => {
    const wide = within(boxes, "pre, table, math").filter((one) => !one.parentElement.closest("pre, table, math"));
    const limitOf = (element) => (isLast ? LAST_RESORT : NARROWEST)[element.localName];
    wide.forEach((element) => {
      element.style.fontSize = "";
      delete element.dataset.ratio;
      element.classList.remove("tight");
      element.classList.toggle("whole", element.localName === "pre");
    });
    const still = shrink(shrink(shrink(wide, limitOf), limitOf), limitOf);
    wide.forEach((element) => element.classList.remove("whole"));
    still.filter((element) => element.localName === "pre").forEach((element) => rescale(element, WRAPPED));
    still.forEach((element) => element.classList.toggle("tight", element.localName === "table"));
    if (!isLast) {
      return new Set(still.filter((one) => one.localName !== "pre").map((one) => one.closest(".side")));
    }
    still.filter((element) => element.localName === "math").forEach(breakUp);
    const rest = within(boxes, "table, math").filter((one) => !one.parentElement.closest("table, math"));
    shrink(shrink(rest, () => 0), () => 0);
    return new Set();
  };

  /** The least size of the text around it at which all of a box can be read. */
  const leastOf = (box) =>
    Math.max(0, ...[...box.querySelectorAll("[data-ratio]")].map((one) => LEAST / parseFloat(one.style.fontSize)));

  /** Sets each box as large as it fits; gives those that fit at no size. */
  const fit = (boxes, sizes, isLast = false) => {
    setSize(boxes, sizes[0]);
    const never = narrow(boxes, isLast);
    const least = new Map(boxes.map((box) => [box, isLast ? 0 : leastOf(box)]));
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
    narrow(notes, true);
  };

  const make = (name, classes) => {
    const made = document.createElement(name);
    made.className = classes;
    return made;
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

  /** The cards on sheets, from small ones to large ones; gives the notes that fit on no sheet. */
  const cutOut = (all) => {
    const pages = [];
    let left = all;
    for (const sheet of SHEETS) {
      left.forEach((note) => note.classList.add(sheet.name));
      const open = new Set(fit(within(left, ".side"), sheet.sizes).map((side) => side.parentElement));
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
  const isShort = (side) => !side.querySelector(BLOCKS) && side.textContent.length < SHORT;
  within(notes, ".side").filter(isShort).forEach((side) => side.classList.add("short"));
  setSize(notes, SINGLE[0]);
  within(notes, "img")
    .filter((image) => image.offsetHeight > TALL * parseFloat(getComputedStyle(image).fontSize))
    .forEach((image) => image.classList.add("tall"));
  const long = document.body.matches(".duplex") ? cutOut(notes) : fit(notes, SINGLE, true);
  flow(long, SINGLE.at(-1));
  return numberParts(notes.length);
})()
