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
_ENVIRONMENTS = (("{split}", "{aligned}"),)


def for_browser(side: Html, place: Callable[[str], str]) -> Html:
    """A side of a card for a browser.

    Args:
        place: The attribute by which an element shows the file of that name, as `src="…"`.
    """

    def player(sound: re.Match[str]) -> str:
        tag = "video" if PurePath(sound[1]).suffix in _VIDEOS else "audio"
        return f'<{tag} controls preload="none" {place(sound[1])}></{tag}>{_ON_PAPER}'

    drawn = typeset(side)
    drawn = Html(_PICTURE.sub(lambda picture: picture[1] + place(picture[2]), drawn)) if "<img" in drawn else drawn
    return Html(_SOUND.sub(player, drawn)) if "[sound:" in drawn else drawn


def typeset(fragment: Html) -> Html:
    """Every formula as MathML, which needs no MathJax; one that cannot be drawn is shown as it was written."""
    return change_formulas(fragment, _drawn) if "\\" in fragment else fragment


def _drawn(written: str) -> str:
    tex = html.unescape(written.replace("<br>", "\n"))[2:-2]
    for name, other in _ENVIRONMENTS:
        tex = tex.replace(name, other)
    try:
        return _converter().convert_with_local_state(tex, displaystyle=written.startswith("\\["))
    except math_core.LatexError:
        return f'<code class="tex">{markup.escape(html.unescape(written))}</code>'


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(macros=_MACROS, fancy_error=False, annotation=True)
