// Of every text that is seen: its colour, the colour behind it, and how far the two are apart (WCAG 2).
"use strict";
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3]));
  const ancestors = (element) => (element ? [element, ...ancestors(element.parentElement)] : []);
  const behind = (element) =>
    ancestors(element).map((one) => rgba(getComputedStyle(one).backgroundColor)).reverse()
      .reduce((below, colour) => over(colour, below), [255, 255, 255]);
  const opacity = (element) => ancestors(element).reduce((all, one) => all * getComputedStyle(one).opacity, 1);
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const path = (element) => ancestors(element).slice(0, -2).reverse()
    .map((one) => one.localName + [...one.classList].map((name) => "." + name).join("")).join(" > ");
  const hex = (colour) => "#" + colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
  const measure = (node) => {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const background = behind(element);
    const [red, green, blue, alpha] = rgba(style.color);
    const text = over([red, green, blue, alpha * opacity(element)], background);
    return {
      text: node.data.trim().slice(0, 60), path: path(element), colour: hex(text), background: hex(background),
      size: parseFloat(style.fontSize), bold: Number(style.fontWeight) >= 700, ratio: ratio(text, background),
    };
  };
  const seen = (node) => node.data.trim() && node.parentElement.checkVisibility({ visibilityProperty: true }) &&
    !["style", "script"].includes(node.parentElement.localName);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (seen(walker.currentNode)) texts.push(measure(walker.currentNode));
  return JSON.stringify(texts);
})();
