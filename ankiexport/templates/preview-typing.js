// What was typed beside what is expected, marked as Anki marks it.

function compare(field, isShown) {
  field.parentElement.querySelector(".pv-compared")?.remove();
  field.hidden = isShown;
  if (isShown) {
    const line = document.createElement("code");
    line.id = "typeans";
    line.className = "pv-compared";
    line.append(...comparisonOf(field.value.normalize("NFC"), field.dataset.expected.normalize("NFC")));
    field.after(line);
  }
}

function comparisonOf(typed, expected) {
  if (!typed) {
    return [expected];
  }
  if (typed === expected) {
    return [marked("typeGood", typed)];
  }
  const [above, below] = [[], []];
  const [letters, others] = [[...typed], [...expected]];
  let [at, beside] = [0, 0];
  for (const [start, other, length] of [...sharedParts(letters, others), [letters.length, others.length, 0]]) {
    const [wrong, missed] = [letters.slice(at, start), others.slice(beside, other)];
    above.push(wrong.length ? marked("typeBad", wrong.join("")) : marked("typeMissed", "-".repeat(missed.length)));
    below.push(marked("typeMissed", missed.join("")));
    for (const line of [above, below]) {
      line.push(marked("typeGood", letters.slice(start, start + length).join("")));
    }
    [at, beside] = [start + length, other + length];
  }
  const arrow = document.createElement("span");
  arrow.id = "typearrow";
  arrow.textContent = "↓";
  const isSeen = (part) => part.textContent;
  return [...above.filter(isSeen), document.createElement("br"), arrow, document.createElement("br"), ...below.filter(isSeen)];
}

function marked(name, text) {
  const part = document.createElement("span");
  part.className = name;
  part.textContent = text;
  return part;
}

// The longest part that two lists share, and so on before and after it: where it is in each, and its length.
function sharedParts(letters, others, from = 0, beside = 0) {
  let best = [0, 0, 0];
  const ends = new Map();
  letters.forEach((letter, at) => {
    for (let other = others.length - 1; other >= 0; other -= 1) {
      const length = letter === others[other] ? (ends.get(other - 1) ?? 0) + 1 : 0;
      ends.set(other, length);
      if (length && (length > best[2] || (length === best[2] && at - length + 1 === best[0]))) {
        best = [at - length + 1, other - length + 1, length];
      }
    }
  });
  const [start, other, length] = best;
  if (!length) {
    return [];
  }
  return [
    ...sharedParts(letters.slice(0, start), others.slice(0, other), from, beside),
    [from + start, beside + other, length],
    ...sharedParts(letters.slice(start + length), others.slice(other + length), from + start + length, beside + other + length),
  ];
}
