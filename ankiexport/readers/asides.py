"""Call-outs, tabs, boxes to tick and footnotes, however a site generator writes them."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import lxml.etree
import lxml.html

from ankiexport import markup, words
from ankiexport.markup import CALLOUT, FOOTNOTE, ROLE
from ankiexport.model import Html
from ankiexport.readers.tree import (
    classes_of,
    drop,
    html_of,
    is_within,
    parts_of,
    replace_by,
    replace_by_text,
    set_text_before,
    text_before,
    upwards,
)

# Sphinx, MkDocs, Docusaurus, Starlight, GitHub, VuePress, Bootstrap, Quarto, Hugo
CALLOUT_CLASSES = frozenset(
    "admonition alert aside bd-callout callout custom-block hint-container markdown-alert message notice"
    " starlight-aside theme-admonition".split()
)
# A box that holds what is asked or answered is not beside the matter.
_NO_CALLOUT = re.compile(r"answer|exercise|practice|problem|question|quiz|solution|toggle|hide|details", re.I)
_BOX = re.compile(r"\s*\[([ xX])\]\s+(?=\S|\Z)")  # "- [x] done" in Markdown
_TICKED, _UNTICKED = "☑", "☐"
_TITLE_CLASS = re.compile(r"title|heading|header|label", re.I)
# "> [!NOTE]", "> [!tip] A title", "> [!success]- Folded away"
_MARKED_QUOTE = re.compile(r"\s*\[!(?P<kind>[A-Za-z]+)\](?P<folded>[+-]?)[ \t]*(?P<title>[^\n]*)(?:\n|\Z)")
_FOOTNOTES = frozenset("footnote footnote-definition footnote-item footnote-list footnotes footnotes-list".split())
_NEAR = 4  # a footnote, its list, their section: how far up the page says what they are
_FOOTNOTE_ROLES = frozenset(["doc-endnote", "doc-endnotes", "doc-footnote"])
_BACK_CLASSES = frozenset("footnote-back footnote-backref data-footnote-backref reversefootnote".split())
_BACK_ARROWS = frozenset("↩ ↩\ufe0e ↩\ufe0f ↵ ^ ⏎ ↑ ⬆".split())
# "1", "[1]"; "[1:2]" the third time
_MARK = re.compile(r"\[?(?P<mark>\w{1,6}(?=(?::\d+)?\]?\Z)|[*†‡§¶]{1,3})(?::\d+)?\]?")


def level_callouts(main: lxml.html.HtmlElement) -> None:
    """A note, a tip or a warning becomes a quote of the class `callout`, its title a bold paragraph."""
    for quote in list(main.iter("blockquote")):
        _level_marked(quote)
    for element in list(main.iter("aside", "div", "section")):
        if element.get(ROLE):
            continue
        names = " ".join(classes_of(element))
        if not CALLOUT_CLASSES.isdisjoint(names.split()) and not _NO_CALLOUT.search(names) and element is not main:
            _level_title(element)
            _make_callout(element)


def _make_callout(element: lxml.html.HtmlElement) -> None:
    element.tag = "blockquote"
    element.set("class", CALLOUT)


def _level_title(callout: lxml.html.HtmlElement) -> None:
    first = next(callout.iterchildren(lxml.etree.Element), None)
    if first is None or (callout.text or "").strip():
        return
    if not _TITLE_CLASS.search(first.get("class") or ""):
        if label := callout.get("aria-label"):
            callout.insert(0, _title(label))
        return
    if title := markup.fold(first.text_content()):
        replace_by(first, _title(title))
    else:
        drop(first)


def _level_marked(quote: lxml.html.HtmlElement) -> None:
    """`> [!NOTE]`: its own line of the first paragraph goes; the title, or else the kind, heads the call-out."""
    first = next(quote.iterchildren("p"), None)
    match = _MARKED_QUOTE.match(first.text or "") if first is not None else None
    if first is None or match is None:
        return
    first.text = (first.text or "")[match.end() :]
    if not first.text_content().strip() and not len(first):
        drop(first)
    title = match["title"].strip() or match["kind"].capitalize()
    if match["folded"]:
        quote.tag = "details"
        summary = lxml.html.Element("summary")
        summary.text = title
        quote.insert(0, summary)
        return
    quote.insert(0, _title(title))
    _make_callout(quote)


def _title(text: str) -> lxml.html.HtmlElement:
    title = lxml.html.Element("p")
    lxml.etree.SubElement(title, "strong").text = markup.fold(text)
    return title


def level_boxes(main: lxml.html.HtmlElement) -> None:
    """A box to tick in a list, or its sign in Markdown, is a sign of a letter's size."""
    for box in list(main.iter("input")):
        if box.get("type") in ("checkbox", "radio") and next(box.iterancestors("li"), None) is not None:
            replace_by_text(box, f"{_TICKED if 'checked' in box.attrib else _UNTICKED} ")
    for item in main.iter("li", "p"):
        match = _BOX.match(item.text or "")
        if match and (item.tag == "li" or item.getparent().tag == "li"):
            item.text = f"{_UNTICKED if match[1] == ' ' else _TICKED} {(item.text or '')[match.end() :]}"


def level_tabs(main: lxml.html.HtmlElement) -> None:
    """What stands behind tabs follows one another, each headed by the name of its tab."""
    for strip in main.xpath('.//*[@role="tablist" or contains(concat(" ", @class, " "), " tabbed-labels ")]'):
        tabs = strip.xpath('.//*[@role="tab"]') or list(strip.iter("label"))
        around = strip.getparent()
        if strip.xpath('.//*[@role="tabpanel"]'):
            continue  # an accordion
        panels = around.xpath('.//*[@role="tabpanel" or contains(concat(" ", @class, " "), " tabbed-block ")]')
        if len(tabs) == len(panels):
            for tab, panel in zip(tabs, panels, strict=True):
                title = _title(tab.text_content())
                if words.only_shows(name := markup.fold(tab.text_content())) and words.is_lone_answer(name):
                    panel.tag, title.tag = "details", "summary"  # beside the tab of the question
                    panel.set(ROLE, "answer")
                title.tail, panel.text = panel.text, None
                panel.insert(0, title)


def take_footnotes(main: lxml.html.HtmlElement) -> Mapping[str, lxml.html.HtmlElement]:
    """Marks where a footnote is spoken of, and takes the footnotes out of the page: its element by its name."""
    named = {name: element for element in main.iter(lxml.etree.Element) if (name := element.get("id"))}
    found: dict[str, lxml.html.HtmlElement] = {}
    for link in list(main.iter("a")):
        name = (link.get("href") or "")[1:]
        mark = _MARK.fullmatch(link.text_content().strip())
        target = named.get(name) if (link.get("href") or "").startswith("#") else None
        if target is None or not mark or not _is_footnote(target) or is_within(link, target):
            continue
        found[name] = target
        outer = link.getparent()
        marked = outer if outer.tag == "sup" and outer.text_content().strip() == link.text_content().strip() else link
        tail = marked.tail
        marked.clear()
        marked.tag, marked.text, marked.tail = "sup", mark["mark"], tail
        marked.set(FOOTNOTE, name)
    for element in found.values():
        _take_out(element)
    return found


def _is_footnote(element: lxml.html.HtmlElement) -> bool:
    return any(
        not _FOOTNOTES.isdisjoint(classes_of(place)) or place.get("role") in _FOOTNOTE_ROLES
        for place in islice(upwards(element), _NEAR)
    )


def _take_out(footnote: lxml.html.HtmlElement) -> None:
    """Takes a footnote out of the page, then what held it and nothing else; the way back goes from its text."""
    for link in list(footnote.iter("a")):
        if _leads_back(link):
            _drop_with_space(link)
    for label in list(footnote.iter("span")):
        if not {"label", "fn-bracket"}.isdisjoint(classes_of(label)):
            drop(label)
    place = footnote.getparent()
    drop(footnote)
    while place is not None and place.tag in ("ol", "section", "div", "aside", "dl"):
        if any(child.tag not in ("hr", "h2", "h3") for child in place) or place.getparent() is None:
            break
        place, empty = place.getparent(), place
        rule = empty.getprevious()
        if rule is not None and rule.tag == "hr":
            drop(rule)
        drop(empty)


def _drop_with_space(link: lxml.html.HtmlElement) -> None:
    """Takes out a link and the space before it, if it ends what it stands in."""
    if not (link.tail or "").strip():
        set_text_before(link, text_before(link).rstrip())
    drop(link)


def _leads_back(link: lxml.html.HtmlElement) -> bool:
    text = link.text_content().strip()
    is_marked = not _BACK_CLASSES.isdisjoint(classes_of(link)) or link.get("role") == "doc-backlink"
    is_marked = is_marked or "data-footnote-backref" in link.attrib
    return is_marked or text.rstrip("0123456789 ") in _BACK_ARROWS


def footnote_texts(elements: Mapping[str, lxml.html.HtmlElement]) -> Iterator[tuple[str, Html]]:
    """The text of each footnote, clean, by its name."""
    for name, element in elements.items():
        yield name, markup.unwrap(html_of(parts_of(element)))
