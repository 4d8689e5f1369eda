"""What stands on a page beside its own content, and is dropped: ways through the site, buttons, comments."""

from collections.abc import Set
from typing import cast

import lxml.html

from ankiexport.readers.tree import classes_of, drop, is_menu

_JUNK_TAGS = frozenset(
    "base button canvas clipboard-copy dialog form head iframe input link meta nav noembed noframes noscript script"
    " select style template textarea title".split()
)
_JUNK_ROLES = frozenset({"banner", "contentinfo", "doc-toc", "navigation", "search", "tablist", "tooltip"})
_JUNK_CLASSES = frozenset(
    # for screen readers only
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-only"
    # beside headings
    " headerlink header-anchor anchor-link heading-anchor hash-link sl-anchor-link anchorjs-link"
    # tabs, whose names are at the head of what they show
    " tabbed-labels"
    # ways through the site
    " toc table-of-contents navbox mw-editsection breadcrumb breadcrumbs pagination pagination-links"
    # what readers have written below
    " comments-area comments-list comment-list commentlist comment-respond comment-thread disqus giscus utterances"
    # around code
    " btn-clipboard copy-btn copy-button copy-code-button copybtn hljs-copy hljs-ln-numbers input_prompt jp-InputPrompt"
    " jp-OutputPrompt line-number line-numbers line-numbers-rows linenos lineno linenumber ln lnt output_prompt"
    " rouge-gutter toolbar".split()
)


def drop_junk(main: lxml.html.HtmlElement, keep: Set[str] = frozenset()) -> None:
    """Takes out what is not content, but for tags to keep; of a form that asks something, only the form itself."""
    for element in list(main.iter()):
        if not isinstance(element.tag, str):
            drop(element)
        elif element is main or element.tag in keep:
            continue
        elif element.tag == "form" and _asks(element):
            element.drop_tag()
        elif is_junk(element):
            drop(element)


def _asks(form: lxml.html.HtmlElement) -> bool:
    """Is this a quiz, or a form around the whole page, and not a search or a sign-up?"""
    choices = form.xpath('count(.//input[@type="radio" or @type="checkbox"] | .//details | .//h2 | .//h3)')
    return cast(float, choices) > 1


def is_junk(element: lxml.html.HtmlElement) -> bool:
    """Is an element no part of what the page is about?"""
    tag, role = element.tag, element.get("role")
    if tag in ("style", "title") and next(element.iterancestors("svg"), None) is not None:
        return False
    if tag == "nav" and not is_menu(element) and element.find(".//p") is not None:
        return False
    if tag in _JUNK_TAGS or role in _JUNK_ROLES:
        return role != "tablist" or not element.xpath('.//*[@role="tabpanel"]')
    if tag in ("footer", "header"):
        return next(element.iterancestors("blockquote", "figure"), None) is None
    if tag == "figcaption" and "is-terminal" in classes_of(element.getparent()):
        return True  # "Terminal", "bash"
    if not element.attrib:
        return False
    if element.get("aria-hidden") == "true":
        return True
    if element.get("id") in ("comments", "disqus_thread", "respond"):
        return tag in ("div", "section", "aside", "ol", "ul")
    names = set(classes_of(element))
    if names.isdisjoint(_JUNK_CLASSES):
        return tag == "td" and "gutter" in names
    if tag in ("code", "pre"):
        names.discard("line-numbers")  # Prism says of a block that it has them
    return not names.isdisjoint(_JUNK_CLASSES)
