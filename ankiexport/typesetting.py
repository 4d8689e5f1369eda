"""A card's HTML → the same with its formulas drawn, as MathML, for where no MathJax is."""

import html
from functools import cache

import math_core

from ankiexport import markup
from ankiexport.card_html import change_formulas
from ankiexport.model import Html

# What MathJax knows and math-core does not, said with what it does
_MACROS = {"substack": r"\begin{matrix}#1\end{matrix}"}
_ENVIRONMENTS = (("{split}", "{aligned}"),)


def typeset(fragment: Html) -> Html:
    """Every formula as MathML; one that cannot be drawn is shown as it was written."""
    return change_formulas(fragment, _drawn) if "\\" in fragment else fragment


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(macros=_MACROS, fancy_error=False, annotation=True)


def _drawn(written: str) -> str:
    tex = html.unescape(written.replace("<br>", "\n"))[2:-2]
    for name, other in _ENVIRONMENTS:
        tex = tex.replace(name, other)
    try:
        return _converter().convert_with_local_state(tex, displaystyle=written.startswith("\\["))
    except math_core.LatexError:
        return f'<code class="tex">{markup.escape(html.unescape(written))}</code>'
