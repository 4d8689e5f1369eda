// What a card looks like, as facts: evaluated in the page of Anki's reviewer.
(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const shown = (selector) => all(selector).map((it) => it.innerText.trim()).join();
  const linesOf = (it) => {
    const style = getComputedStyle(it);
    const height = it.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    return height / parseFloat(style.lineHeight);
  };
  const startsAtTheRight = (it) => {
    const text = document.createRange();
    text.selectNodeContents(it);
    const [own, room] = [text.getBoundingClientRect(), it.getBoundingClientRect()];
    return room.right - own.right < 1 && own.left - room.left > 1;
  };
  return {
    classes: document.body.className.split(' '),
    cue: shown('.ax-cue'),
    question: shown('.ax-question'),
    answer: shown('.ax-answer'),
    page_width: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
    reveals: all('details').length,
    rules: all('#answer').length,
    formulas: all('mjx-container').length,
    sounds: all('.replay-button svg').length,
    pictures: all('img').map((it) => it.naturalWidth),
    typing: all('#typeans').map((it) => it.tagName.toLowerCase()),
    compared: all('#typeans .typeGood, #typeans .typeBad').length,
    code_lines: all('pre').map((it) => [it.innerText.trimEnd().split('\n').length, linesOf(it)]),
    sub_and_sup_lines: all('p').filter((it) => it.querySelector('sub, sup')).map(linesOf),
    scrolling: all('pre, table, mjx-container')
      .filter((it) => it.scrollWidth > it.clientWidth)
      .map((it) => it.tagName.toLowerCase()),
    from_the_right: all('p').filter(startsAtTheRight).map((it) => it.innerText),
  };
})()
