#!/usr/bin/env python3
"""Looks at every card of the pictured course in the real desktop app of Anki, by day and by night, wide and narrow.

    docs/pictures/take.py          renews the pictures beside this file
    docs/pictures/take.py FOLDER   leaves a picture of everything in the folder, and what was seen as views.json

Needs `pip install 'ankiexport[desktop]'` and the libraries that docs/cards.md names. Takes about a minute.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anki_desktop import Desktop, leave, prepare_environment
from lesson import LESSON, pictured_course

import ankiexport
from ankiexport import notetype

SIZES = {"desktop": (900, 700), "phone": (420, int(os.environ.get("TALL", "760")))}
MODES = ("light", "night")

# What a learner adds to three notes: the fields that no page fills.
_EDITS = {
    "octave": {"Reverse": "1"},
    "Which interval has the ratio 3 : 2?": {"Typed": "the fifth", "Hint": "It spans seven semitones."},
}
_TYPED = "a fifht"

_SEEN = """(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const shown = (selector) => all(selector).map((it) => it.innerText.trim());
  const lines = (pre) => {
    const style = getComputedStyle(pre.firstElementChild);
    const height = pre.clientHeight - parseFloat(getComputedStyle(pre).paddingTop) * 2;
    return [pre.innerText.replace(/\\n$/, '').split('\\n').length, Math.round(height / parseFloat(style.lineHeight))];
  };
  return {
    classes: document.body.className,
    question: shown('.ax-question').join(), answer: shown('.ax-answer').join(), cue: shown('.ax-cue').join(),
    page_width: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
    details: all('details').length, formulas: all('mjx-container').length, rules: all('#answer').length,
    typed: all('#typeans').map((it) => it.tagName.toLowerCase()), compared: all('#typeans span').length,
    code_lines: all('pre').map(lines),
    scrolling: all('pre, table, mjx-container').filter((it) => it.scrollWidth > it.clientWidth)
      .map((it) => it.tagName.toLowerCase()),
  };
})()"""


@dataclass(frozen=True, kw_only=True)
class View:
    """A side of a card in one mode and size, and what was seen of it."""

    card: int
    template: str
    side: str
    mode: str
    size: str
    colours: int
    seen: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.card}-{self.template.lower()}-{self.side}-{self.mode}-{self.size}"


def look_at_all(desktop: Desktop, folder: Path) -> Iterator[View]:
    """Studies the course to its end."""
    more, number = True, 1
    while more:
        for mode in MODES:
            for size in SIZES:
                desktop.dress(night=mode == "night", width=SIZES[size][0], height=SIZES[size][1])
                yield from _look_at_card(desktop, folder, number, mode, size)
        more, number = desktop.next_card(), number + 1


def _look_at_card(desktop: Desktop, folder: Path, number: int, mode: str, size: str) -> Iterator[View]:
    card = desktop.window.reviewer.card
    for side in ("front", "back"):
        if side == "front":
            desktop.show_question()
        else:
            asks = card.note()["Typed"] and card.template()["name"] == "Card"
            desktop.show_answer(_TYPED if asks else None)
        picture = desktop.window.web.grab().toImage()
        view = View(
            card=number,
            template=card.template()["name"],
            side=side,
            mode=mode,
            size=size,
            colours=_colours(picture),
            seen=desktop.ask(desktop.window.web, _SEEN),
        )
        picture.save(str(folder / f"{view.name}.png"))
        yield view


def _colours(picture: Any) -> int:
    """How many colours every fourth pixel has."""
    places = ((x, y) for x in range(0, picture.width(), 4) for y in range(0, picture.height(), 4))
    return len({picture.pixel(x, y) for x, y in places})


def _edit_notes(collection: Any) -> None:
    for note_id in collection.find_notes(""):
        note = collection.get_note(note_id)
        for name, value in _EDITS.get(note["Question"], {}).items():
            note[name] = value
            collection.update_note(note)


def main() -> int:
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="ankiexport-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        prepare_environment(folder, int(os.environ.get("SCALE", "1")))
        deck = folder / "music.apkg"
        ankiexport.write(pictured_course(), deck)
        desktop = Desktop(folder)
        notes = desktop.import_deck(deck)
        _edit_notes(desktop.window.col)
        desktop.study("Music")
        views = [asdict(view) for view in look_at_all(desktop, out)]
        (out / "views.json").write_text(json.dumps({"notes": notes, "views": views}, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    leave(main())
