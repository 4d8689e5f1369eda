"""Cards in a real browser: what Anki shows, whether anything in it runs or loads, how well it reads."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

_OFFSCREEN = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu",
}
DESKTOP = "card card1 isLin fancy"
DESKTOP_SHEETS = ("webview", "reviewer")
NIGHT = "card card1 isLin nightMode night_mode fancy"


@dataclass(frozen=True)
class Sighting:
    """What was seen of a card: a script that ran, a request, a way out of the card, or an element that could do it."""

    kind: str
    what: str
    card: int | None = None


@dataclass(frozen=True)
class Text:
    """A text on a card and how far its colour is from what is behind it. `size` is in CSS pixels."""

    text: str
    path: str
    colour: str
    background: str
    size: float
    bold: bool
    ratio: float

    @property
    def enough(self) -> float:
        """The least contrast that WCAG 2 asks for, level AA."""
        return 3.0 if self.size >= 24 or (self.bold and self.size >= 18.66) else 4.5


@dataclass(frozen=True)
class Side:
    """The front or the back of a card as Anki gives it to its browser, and how many sounds it would play with it."""

    html: str
    css: str
    sounds: int = 0


def sides_of(collection) -> list[Side]:
    """The sides of every card in a collection of real Anki; a front that its back holds whole is not given again."""
    escape = collection.media.escape_media_filenames
    sides = []
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        shown = card.render_output()
        back = Side(escape(shown.answer_text), shown.css, len(shown.answer_av_tags))
        front = Side(escape(shown.question_text), shown.css, len(shown.question_av_tags))
        sides.extend([back] if front.html in back.html and not front.sounds else [front, back])
    return sides


def page_of(
    cards: Sequence[str], css: str, body: str = DESKTOP, html: str = "", sheets: Sequence[str] = DESKTOP_SHEETS
) -> str:
    """A whole page that holds cards, with these classes, and an app's own style sheets before that of the cards."""
    theme = "dark" if "night-mode" in html else "light"
    links = "".join(f'<link rel="stylesheet" href="/_anki/css/{sheet}.css">' for sheet in sheets)
    head = f'<meta charset="utf-8"><base href="/">{links}'
    return (
        f'<!doctype html><html class="{html}" data-bs-theme="{theme}"><head>{head}</head>'
        f'<body class="{body}"><div id="qa"><style>{css}</style>{_held(cards)}</div></body></html>'
    )


def _held(cards: Sequence[str]) -> str:
    """Cards side by side; after the last an empty one, which no card may swallow or push away."""
    return "\n".join(f'<div data-card="{number}">{card}</div>' for number, card in enumerate([*cards, ""]))


def _reviewer(css: str) -> str:
    """The page into which Anki's own script sets one card after the other."""
    page = page_of([], css)
    return page.replace("</head>", '<script src="/_anki/js/reviewer.js"></script></head>')


def _show(cards: Sequence[str]) -> str:
    """What Anki evaluates to show a card; its script sets innerHTML, runs MathJax and says when it is done."""
    return f'_showQuestion({json.dumps(_held(cards))}, "", "{DESKTOP}"); _queueAction(() => spy.tell("done", "", null))'


class Browser:
    """A browser in a process of its own."""

    def __init__(self) -> None:
        if find_spec("PyQt6") is None or find_spec("PyQt6.QtWebEngineCore") is None:  # neither loads Qt's libraries
            pytest.skip("no browser here: pip install 'ankiexport[desktop]'")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("chromium.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, **_OFFSCREEN},
        )
        self.loads = 0

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)

    def _ask(self, **job):
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        assert reply, "the browser ended"
        self.loads += 1
        return json.loads(reply)

    def watch(
        self,
        cards: Sequence[str],
        css: str = "",
        *,
        media: Path | None = None,
        reviewer: bool = False,
        together: int = 100,
        most: int = 500,
    ) -> list[Sighting]:
        """Shows cards and provokes them; gives what was seen, with the number of the card, and no more than `most`.

        They are shown as a page that is loaded or, if `reviewer`, as Anki's own reviewer does it, so many together.
        Where it is not known which of them did it, they are shown again in smaller groups.
        """
        numbered = list(enumerate(cards))
        groups = (numbered[first : first + together] for first in range(0, len(cards), together))
        seen = (sighting for group in groups for sighting in self._watch(group, css, media, reviewer))
        return list(islice(seen, most))

    def _watch(self, cards: list[tuple[int, str]], css: str, media: Path | None, reviewer: bool) -> Iterator[Sighting]:
        inner = [card for _, card in cards]
        page = {"html": _reviewer(css), "show": _show(inner)} if reviewer else {"html": page_of(inner, css)}
        found = self._ask(do="watch", count=len(cards) + 1, media=str(media) if media else None, **page)
        places = [seen["card"] for seen in found]
        if len(cards) == 1:
            places = [0] * len(found)
        if all(place is not None and place < len(cards) for place in places):
            for seen, place in zip(found, places, strict=True):
                yield Sighting(seen["kind"], seen["what"], cards[place][0])
            return
        half = len(cards) // 2
        for part in (cards[:half], cards[half:]):
            yield from self._watch(part, css, media, reviewer)

    def picture(self, html: str, path: Path, media: Path, width: int = 420) -> None:
        """Saves a picture of a whole page."""
        assert self._ask(do="picture", html=html, path=str(path), media=str(media), width=width)["saved"]

    def difference(self, one: Path, other: Path) -> float:
        """How unlike two pictures are, seen from afar: from 0 to 1."""
        return float(self._ask(do="difference", one=str(one), other=str(other))["difference"])

    def measure(
        self,
        cards: Sequence[str],
        css: str,
        body: str = DESKTOP,
        html: str = "",
        sheets: Sequence[str] = DESKTOP_SHEETS,
    ) -> list[Text]:
        """Each text that is seen on cards, under these classes of `<body>` and `<html>` and these style sheets."""
        return [Text(**text) for text in self._ask(do="measure", html=page_of(cards, css, body, html, sheets))]
