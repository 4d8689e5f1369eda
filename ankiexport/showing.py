"""A side of a card → HTML as a browser shows it: formulas drawn, pictures and recordings in their places."""

import re
from collections.abc import Callable
from pathlib import PurePath

from ankiexport.markup import PACKAGED
from ankiexport.model import Html
from ankiexport.typesetting import typeset

_PICTURE = re.compile(rf'(<img\b[^>]*? )src="({PACKAGED.pattern})"')
_SOUND = re.compile(rf"\[sound:({PACKAGED.pattern})\]")
_ON_PAPER = '<span class="ax-recording"></span>'  # what templates/paper.css shows instead of a player
_VIDEOS = frozenset((".webm", ".mp4", ".avi"))


def show(side: Html, place: Callable[[str], str]) -> Html:
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
