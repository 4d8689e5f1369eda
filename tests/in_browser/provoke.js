// Looks at what the cards became and then does to each element whatever might make it run or load something.
(async (count) => {
  "use strict";
  const { tell, cardOf } = window.spy;
  const RUNNING = "applet base embed form frame frameset iframe link meta object portal script style".split(" ");
  const LINKS = ["http:", "https:", "mailto:"];
  const EVENTS = [
    "mouseover mouseenter mousemove mousedown mouseup mouseout wheel contextmenu dblclick click",
    "pointerenter pointerover pointerdown focus focusin blur load error toggle beforetoggle animationstart animationend",
    "transitionend scroll input change submit reset keydown drag dragstart drop copy paste begin end resize message",
  ].join(" ").split(" ");
  const holders = [...document.querySelectorAll("[data-card]")];
  const whole = holders.length === count && holders.every((holder, i) =>
    holder.getAttribute("data-card") === String(i) && holder.parentNode === holders[0].parentNode);
  if (!whole) tell("escape", `${holders.length} of ${count} cards stand side by side`, null);

  const elements = holders.flatMap((holder) => [...holder.querySelectorAll("*")]);
  for (const element of elements) {
    const names = element.getAttributeNames().filter((name) => name.startsWith("on"));
    if (names.length) tell("handler", `<${element.localName} ${names.join(" ")}>`, cardOf(element));
    if (RUNNING.includes(element.localName)) tell("element", `<${element.localName}>`, cardOf(element));
    for (const name of ["href", "xlink:href", "src", "action", "formaction"]) {
      const value = element.getAttribute && element.getAttribute(name);
      if (value === null || name === "src" || value.startsWith("#")) continue;
      let scheme = "";
      try { scheme = new URL(value, "http://127.0.0.1").protocol; } catch (error) { scheme = "none"; }
      if (!LINKS.includes(scheme)) tell("link", `<${element.localName} ${name}="${value}">`, cardOf(element));
    }
  }
  for (const element of elements) {
    for (const name of EVENTS) {
      const Kind = name.includes("mouse") || name.includes("click") ? MouseEvent : Event;
      element.dispatchEvent(new Kind(name, { bubbles: false, cancelable: true, view: window }));
    }
    if (element.localName === "form") HTMLFormElement.prototype.submit.call(element);
    if (element instanceof HTMLElement && element.tabIndex >= 0) element.focus();
    const isLink = element.localName === "a" && LINKS.includes(element.protocol);
    if (!isLink && /^(a|button|input|area|summary|label|math|image|video|audio|details)$/.test(element.localName)) {
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  tell("done", elements.length, null);
})
