// Looks at what the cards became and then does to each element whatever might make it run or load something.
(async (count) => {
  "use strict";
  const { tell, cardOf } = window.spy;
  const RUNNING = "applet base embed form frame frameset iframe link meta object portal script style".split(" ");
  const LINKS = ["http:", "https:", "mailto:"];
  const schemeOf = (address) => URL.canParse(address, document.baseURI) && new URL(address, document.baseURI).protocol;
  const EVENTS = [
    "mouseover mouseenter mousemove mousedown mouseup mouseout wheel contextmenu dblclick click",
    "pointerenter pointerover pointerdown focus focusin blur load error toggle beforetoggle animationstart animationend",
    "transitionend scroll input change submit reset keydown drag dragstart drop copy paste begin end resize message",
  ].join(" ").split(" ");
  // A page can give its elements names that shadow the functions of others.
  const { querySelectorAll: all, getAttributeNames: names, getAttribute: value } = Element.prototype;
  const dispatch = EventTarget.prototype.dispatchEvent;
  const inside = (element, selector) => [...all.call(element, selector)];
  const holders = inside(document.documentElement, "[data-card]");
  const whole = holders.length === count && holders.every((holder, i) =>
    holder.getAttribute("data-card") === String(i) && holder.parentNode === holders[0].parentNode);
  if (!whole) tell("escape", `${holders.length} of ${count} cards stand side by side`, null);

  const elements = holders.flatMap((holder) => inside(holder, "*"));
  for (const element of elements) {
    const handlers = names.call(element).filter((name) => name.startsWith("on"));
    if (handlers.length) tell("handler", `<${element.localName} ${handlers.join(" ")}>`, cardOf(element));
    if (RUNNING.includes(element.localName)) tell("element", `<${element.localName}>`, cardOf(element));
    for (const name of ["href", "xlink:href", "action", "formaction"]) {
      const address = value.call(element, name);
      if (address !== null && !LINKS.includes(schemeOf(address))) {
        tell("link", `<${element.localName} ${name}="${address}">`, cardOf(element));
      }
    }
  }
  for (const element of elements) {
    for (const name of EVENTS) {
      const Kind = name.includes("mouse") || name.includes("click") ? MouseEvent : Event;
      dispatch.call(element, new Kind(name, { bubbles: false, cancelable: true, view: window }));
    }
    if (element.localName === "form") HTMLFormElement.prototype.submit.call(element);
    if (element instanceof HTMLElement) HTMLElement.prototype.focus.call(element);
    const isLink = element.localName === "a" && LINKS.includes(element.protocol);
    if (!isLink && /^(a|button|input|area|summary|label|math|image|video|audio|details)$/.test(element.localName)) {
      dispatch.call(element, new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  tell("done", elements.length, null);
})
