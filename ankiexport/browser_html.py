"""A side of a card → HTML that a browser shows without Anki: formulas drawn, pictures and recordings in place."""

import html
import re
from collections.abc import Callable
from functools import cache
from pathlib import PurePath

import math_core

from ankiexport import markup
from ankiexport.card_html import change_formulas
from ankiexport.model import Html

_PICTURE = re.compile(rf'(<img\b[^>]*? )src="({markup.PACKAGED.pattern})"')
_SOUND = re.compile(rf"\[sound:({markup.PACKAGED.pattern})\]")
_ON_PAPER = '<span class="ax-recording"></span>'  # what templates/paper.css shows instead of a player
_VIDEOS = frozenset((".webm", ".mp4", ".avi"))
# What MathJax knows and math-core does not, said with what it does
_MACROS = {"substack": r"\begin{matrix}#1\end{matrix}"}
# math-core takes twice the time for each bracket that is left open
_BRACKET = re.compile(
    r"(?P<opening>[(\[⟨⌊⌈⟦]|\\\{|\\(?:l(?:angle|brace|brack|ceil|floor|group|moustache|vert|Vert)|[ul]lcorner)(?![A-Za-z]))"
    r"|[)\]⟩⌋⌉⟧]|\\\}|\\(?:r(?:angle|brace|brack|ceil|floor|group|moustache|vert|Vert)|[ul]rcorner)(?![A-Za-z])"
)
_MOST_OPEN = 12
_ENVIRONMENTS = (("{split}", "{aligned}"),)


def for_browser(side: Html, place: Callable[[str], str]) -> Html:
    """A side of a card for a browser.

    Args:
        place: The attribute by which an element shows the file of that name, as `src="…"`.
    """

    def player(sound: re.Match[str]) -> str:
        tag = "video" if PurePath(sound[1]).suffix in _VIDEOS else "audio"
        return f'<{tag} controls preload="none" {place(sound[1])}></{tag}>{_ON_PAPER}'

    # Formulas last: in one of them, the name of a recording is just text.
    shown = Html(_PICTURE.sub(lambda picture: picture[1] + place(picture[2]), side)) if "<img" in side else side
    return typeset(Html(_SOUND.sub(player, shown)) if "[sound:" in shown else shown)


def typeset(fragment: Html) -> Html:
    """Every formula as MathML, which needs no MathJax; one that cannot be drawn is shown as it was written."""
    return change_formulas(fragment, _drawn) if "\\" in fragment else fragment


def _drawn(written: str) -> str:
    tex = html.unescape(written.replace("<br>", "\n"))[2:-2]
    for name, other in _ENVIRONMENTS:
        tex = tex.replace(name, other)
    try:
        if _left_open(tex) <= _MOST_OPEN:
            return _converter().convert_with_local_state(tex, displaystyle=written.startswith("\\["))
    except math_core.LatexError:
        pass
    return f'<code class="tex">{markup.escape(html.unescape(written))}</code>'


def _left_open(tex: str) -> int:
    """How many brackets nothing closes, not even one of another sort, as in `[0, 1)`."""
    depth = 0
    for bracket in _BRACKET.finditer(tex):
        depth = depth + 1 if bracket["opening"] else max(0, depth - 1)
    return depth


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(macros=_MACROS, fancy_error=False, annotation=True)
