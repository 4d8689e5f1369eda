// Makes each card fit its page or its place on a sheet: sets it smaller, step by step, and then gives it more room.
// All cards are measured together, so that a step costs one layout of the document.
(() => {
  const SINGLE = [20, 18, 16.5, 15, 14]; // sizes of type in points
  const SHEETS = [
    { name: "small", columns: 2, rows: 4, sizes: [12, 11, 10, 9, 8, 7.5, 7] },
    { name: "half", columns: 1, rows: 2, sizes: [15, 13, 11.5, 10, 9, 8] },
    { name: "whole", columns: 1, rows: 1, sizes: [16, 14, 12.5, 11, 10, 9] },
  ];
  const LEAST_OF_WIDE = 0.6; // how far a table or a formula may be set smaller than the text around it
  const SHORT = 160; // letters: so much text stands in the middle of a card
  const BLOCKS = "ul, ol, dl, pre, table, blockquote, figure";

  const setSize = (boxes, size) => boxes.forEach((box) => (box.style.fontSize = `${size}pt`));

  /** Is anything in a box lower or wider than what is inside its padding? */
  const overflows = (box) => {
    const style = getComputedStyle(box);
    const height = box.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const width = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const inner = box.matches(".side") ? box.firstElementChild.matches(".card") ? [box.firstElementChild] : [box.lastElementChild] : [box];
    return inner.some((part) => part.scrollHeight > Math.ceil(height) || part.scrollWidth > Math.ceil(width));
  };

  /** How wide the block is in which something stands, inside its padding. */
  const roomOf = (element) => {
    let block = element.parentElement;
    while (!block.clientWidth || getComputedStyle(block).display === "inline") block = block.parentElement;
    const style = getComputedStyle(block);
    return block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };

  /** Tables and formulas as wide as their room; gives the boxes in which one would have to be too small for that. */
  const narrow = (boxes, least) => {
    const wide = boxes.flatMap((box) =>
      [...box.querySelectorAll("table, math")]
        .filter((element) => !element.parentElement.closest("table, math"))
        .map((element) => ({ box, element })),
    );
    wide.forEach(({ element }) => {
      element.style.fontSize = "";
      element.classList.remove("tight");
    });
    const measure = (one) => {
      one.ratio = Math.min(1, roomOf(one.element) / one.element.getBoundingClientRect().width);
      one.em = parseFloat(getComputedStyle(one.element).fontSize);
      one.around = parseFloat(getComputedStyle(one.element.parentElement).fontSize);
    };
    const shrink = (ones, limit) => {
      ones.forEach(measure);
      const found = ones.filter((one) => one.ratio < 0.999);
      found.forEach((one) => {
        one.total = Math.max(limit, (one.total ?? 1) * one.ratio * 0.99);
        one.first ??= one.em / one.around;
        one.element.style.fontSize = `${one.first * one.total}em`;
      });
      return found;
    };
    const still = shrink(shrink(wide, least), least);
    still.forEach((one) => one.element.localName === "table" && one.element.classList.add("tight"));
    const more = least < 0.1 ? shrink(still, least) : still;
    more.forEach(measure);
    return new Set(more.filter((one) => one.ratio < 0.99).map((one) => one.box));
  };

  /** Sets each box as large as it fits; gives those that fit at no size. */
  const fit = (boxes, sizes, least) => {
    setSize(boxes, sizes[0]);
    const never = narrow(boxes, least);
    let open = boxes.filter((box) => !never.has(box));
    for (const size of sizes) {
      setSize(open, size);
      open = open.filter(overflows);
    }
    return [...never, ...open];
  };

  const flow = (notes, size) => {
    notes.forEach((note) => note.classList.add("flows"));
    setSize(notes, size);
    narrow(notes, 0.01);
  };

  const element = (name, classes) => {
    const made = document.createElement(name);
    made.className = classes;
    return made;
  };

  const place = (side, column, row) => {
    side.style.setProperty("--column", column);
    side.style.setProperty("--row", row);
    return side;
  };

  /** Two pages: questions with the lines to cut along, and on their back the answers. */
  const sheetOf = (notes, { name, columns, rows }) => {
    const questions = element("section", `sheet questions ${name}`);
    const answers = element("section", `sheet answers ${name}`);
    for (let row = 1; row < rows; row++) questions.append(place(element("i", "cut across"), 0, row));
    if (columns > 1) questions.append(element("i", "cut down"));
    notes.forEach((note, index) => {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      questions.append(place(note.querySelector(".front"), column, row));
      answers.append(place(note.querySelector(".back"), columns - 1 - column, row));
    });
    return [questions, answers];
  };

  const cutOut = (notes) => {
    document.querySelectorAll(".side").forEach((side) => {
      const text = side.querySelector(".ax-question, .ax-answer");
      const isPlain = !side.querySelector(BLOCKS) && side.textContent.length < SHORT;
      side.classList.toggle("short", Boolean(text) && isPlain);
    });
    const pages = [];
    for (const sheet of SHEETS) {
      notes.forEach((note) => note.classList.add(sheet.name));
      const sides = notes.flatMap((note) => [...note.querySelectorAll(".side")]);
      const open = new Set(fit(sides, sheet.sizes, LEAST_OF_WIDE).map((side) => side.parentElement));
      const fitting = notes.filter((note) => !open.has(note));
      const each = sheet.columns * sheet.rows;
      for (let at = 0; at < fitting.length; at += each) pages.push(...sheetOf(fitting.slice(at, at + each), sheet));
      fitting.forEach((note) => note.remove());
      notes = notes.filter((note) => open.has(note));
      notes.forEach((note) => note.classList.remove(sheet.name));
    }
    document.body.prepend(...pages);
    notes.forEach((note) => note.querySelectorAll(".side").forEach((side) => (side.style.fontSize = "")));
    flow(notes, SINGLE.at(-1));
  };

  const notes = [...document.querySelectorAll(".note")];
  if (document.body.matches(".duplex")) cutOut(notes);
  else flow(fit(notes, SINGLE, 0.01), SINGLE.at(-1));
})()
