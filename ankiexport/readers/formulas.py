"""Formulas as a page shows them → their TeX between Anki's own delimiters."""

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from ankiexport import mathml
from ankiexport.readers.tree import classes_of, is_within, replace_by_text

# KaTeX, Wikipedia, MathJax 3 and 4, and MathML itself
_RENDERED_CLASSES = (" katex ", " katex-display ", "mwe-math-element")
_RENDERED_TAGS = frozenset(["math", "mjx-container"])
# MathJax 2 leaves what it has drawn beside the TeX.
_DRAWN = frozenset("MathJax MathJax_CHTML MathJax_Display MathJax_Preview MathJax_SVG".split())
# <img class="tex" alt="x^2">, <span class="math inline">x^2</span>
_FORMULA_CLASSES = frozenset("latex math tex".split())
_DELIMITED = re.compile(r"\\\(.*\\\)|\\\[.*\\\]|\$.*\$", re.S)
# What a script typesets in a text, and what it leaves alone: "\$6", what is between Anki's own delimiters already
_TYPESET = re.compile(
    r"(?P<dollar>\\\$)|(?P<delimited>\\\(.{1,5000}?\\\)|\\\[.{1,5000}?\\\])"
    r"|\\begin\{(?P<environment>\w+\*?)\}.{1,5000}?\\end\{(?P=environment)\}"
    r"|\$\$(?P<display>[^$]+)\$\$|(?<![\w\\$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?![\w$])",
    re.S,
)
# What a page tells MathJax: inlineMath: [['$', '$'], …]
_SINGLE_DOLLARS = re.compile(r"inlineMath[\"']?\s*:\s*\[[^;]{0,500}?[\"']\$[\"']", re.S)
_TYPESETTER = re.compile(r"mathjax|katex|auto-render", re.I)
_CODE = frozenset(["code", "kbd", "pre", "samp", "script", "style", "textarea"])


def tex(formula: str, *, display: bool) -> str:
    """A formula as Anki knows it: `\\(…\\)` in a line, `\\[…\\]` on lines of its own."""
    return f"\\[{formula.strip()}\\]" if display else f"\\({formula.strip()}\\)"


def level_formulas(main: lxml.html.HtmlElement, root: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Puts its TeX in the place of each formula in `main`. Gives those that have none, which stay as they are."""
    _level_scripts(main)
    _level_undrawn(main)
    undone: lxml.html.HtmlElement | None = None
    for formula in list(filter(_is_rendered, main.iterdescendants(lxml.etree.Element))):  # the outermost come first
        if not is_within(formula, main) or (undone is not None and is_within(formula, undone)):
            continue  # inside one that has been looked at
        math = formula if formula.tag == "math" else formula.find(".//math")
        source = mathml.tex_of(math) if math is not None else None
        if source:
            display = formula.get("display") in ("block", "true") or "katex-display" in classes_of(formula)
            display = display or formula.find('.//math[@display="block"]') is not None
            replace_by_text(formula, tex(source, display=display))
        elif "katex" not in classes_of(formula) or formula.text_content().strip():
            undone = formula
            yield formula
    _level_dollars(main, root)


def _is_rendered(element: lxml.html.HtmlElement) -> bool:
    names = element.get("class")
    return element.tag in _RENDERED_TAGS or (names is not None and any(it in f" {names} " for it in _RENDERED_CLASSES))


def _level_scripts(main: lxml.html.HtmlElement) -> None:
    """`<script type="math/tex; mode=display">`, beside which MathJax 2 draws the formula."""
    scripts = [script for script in main.iter("script") if (script.get("type") or "").startswith("math/tex")]
    if scripts:
        for element in list(main.iter("span", "div")):
            if not _DRAWN.isdisjoint(classes_of(element)):
                replace_by_text(element, "")
    for script in scripts:
        replace_by_text(script, tex(script.text or "", display="display" in (script.get("type") or "")))


def _level_undrawn(main: lxml.html.HtmlElement) -> None:
    """TeX in the alternative text of a picture, or in an element that a script would typeset."""
    for element in list(main.iter("img", "span", "div")):
        classes = classes_of(element)
        if _FORMULA_CLASSES.isdisjoint(classes):
            continue
        source = element.get("alt") if element.tag == "img" else element.text if not len(element) else None
        if element.tag == "img" and source and not mathml.is_tex(source):
            continue  # "Graph of the function"
        if not source or not source.strip() or (element.tag != "img" and not {"inline", "display"} & set(classes)):
            continue
        bare = source.strip()
        is_display = "display" in classes
        replace_by_text(element, _undollared(bare) if _DELIMITED.match(bare) else tex(bare, display=is_display))


def _undollared(text: str, *, single: bool = True) -> str:
    """Formulas between two dollar signs, or one if `single`, and bare environments between Anki's own delimiters."""

    def levelled(match: re.Match[str]) -> str:
        if match["dollar"] or match["delimited"]:
            return "$" if match["dollar"] and single else match[0]
        if match["environment"]:
            return tex(match[0], display=True)
        formula = match["display"] or (match["inline"] if single else None)
        return tex(formula, display=bool(match["display"])) if formula else match[0]

    return _TYPESET.sub(levelled, text)


def _level_dollars(main: lxml.html.HtmlElement, root: lxml.html.HtmlElement) -> None:
    """`$$…$$`, and `$…$` where the page says so, on a page whose formulas a script typesets."""
    scripts = [(script.get("src") or "", script.text or "") for script in root.iter("script")]
    if not any(_TYPESETTER.search(address) or "MathJax" in text for address, text in scripts):
        return
    single = any(_SINGLE_DOLLARS.search(text) for _, text in scripts)
    code = {inner for block in main.iter(*_CODE) for inner in block.iter()}
    for element in main.iter():
        if element not in code and isinstance(element.tag, str) and element.text:
            element.text = _undollared(element.text, single=single)
        if element is not main and element.getparent() not in code and element.tail:
            element.tail = _undollared(element.tail, single=single)
