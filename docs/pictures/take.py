#!/usr/bin/env python3
"""Looks at every card of the course beside it in Anki's desktop app: by day and by night, wide and narrow.

    docs/pictures/take.py          renews the pictures beside this file
    docs/pictures/take.py FOLDER   leaves pictures of everything in the folder, and what was seen as views.json

Needs `pip install 'ankiexport[desktop]'` and the libraries that docs/cards.md names. Takes less than a minute.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import palette
from anki_desktop import Desktop, leave, prepare_environment

from ankiexport import build, read, write

COURSE = Path(__file__).parent / "course"
SIZES = {"desktop": (900, 700), "phone": (420, 760)}
MODES = ("light", "night")
KEPT = {
    "1-card-back-light-desktop": "desktop-light.png",
    "1-card-back-night-phone": "phone-code-night.png",
    "3-card-back-light-phone": "phone-light.png",
    "5-card-back-night-phone": "phone-night.png",
    "7-card-back-night-phone": "phone-typed-night.png",
}

# Fields that no page fills, as a learner may, and what is typed where a card asks for it.
_EDITS = {
    "octave": {"Reverse": "1", "Explanation": "[sound:ankiexport-octave.mp3]"},
    "Which interval has the ratio 3 : 2?": {"Typed": "the fifth", "Hint": "It spans seven semitones."},
}
_TYPED = "a fifht"

_LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")


@dataclass(frozen=True, kw_only=True)
class View:
    """A side of a card in one mode and size. `seen` is what look.js gives, `colours` how many the picture has."""

    card: int
    template: str
    side: str
    mode: str
    size: str
    colours: int
    seen: dict[str, Any]


Keep = Callable[[str, Any], None]
"""Does with the name of a view and its picture what is wanted."""


def look_at_all(desktop: Desktop, keep: Keep) -> Iterator[View]:
    """Studies the course to its end."""
    card, more = 1, True
    while more:
        for mode in MODES:
            for size, (width, height) in SIZES.items():
                desktop.dress(night=mode == "night", width=width, height=height)
                desktop.show_question()
                yield _look(desktop, keep, card, "front", mode, size)
                desktop.show_answer(_TYPED)
                yield _look(desktop, keep, card, "back", mode, size)
        card, more = card + 1, desktop.next_card()


def _look(desktop: Desktop, keep: Keep, card: int, side: str, mode: str, size: str) -> View:
    window = desktop.window
    picture = (window.web if size == "phone" else window).grab().toImage()
    template = window.reviewer.card.template()["name"]
    keep(f"{card}-{template.lower()}-{side}-{mode}-{size}", picture)
    return View(
        card=card,
        template=template,
        side=side,
        mode=mode,
        size=size,
        colours=_colours(picture),
        seen={"state": window.state, **desktop.ask(window.web, _LOOK)},
    )


def _colours(picture: Any) -> int:
    """How many colours every fourth pixel of every fourth line has."""
    places = ((x, y) for x in range(0, picture.width(), 4) for y in range(0, picture.height(), 4))
    return len({picture.pixel(x, y) for x, y in places})


def _fill_fields(collection: Any) -> None:
    """Makes a card that asks the other way round and plays a sound, and one that wants its answer typed."""
    for note_id in collection.find_notes(""):
        note = collection.get_note(note_id)
        for name, value in _EDITS.get(note["Question"], {}).items():
            note[name] = value
        collection.update_note(note)
    options = collection.decks.get_config(1)
    options["autoplay"] = False
    collection.decks.update_config(options)


def take(folder: Path, keep: Keep, scale: int) -> dict[str, Any]:
    """What is there and what was seen, after a run of the app in the folder."""
    prepare_environment(folder, scale)
    package = folder / "music.apkg"
    pages = [replace(page, url=f"https://music.example/{page.key}") for page in read(COURSE)]
    course = build(pages)
    write(course, package)
    desktop = Desktop(folder)
    notes = desktop.import_deck(package)
    _fill_fields(desktop.window.col)
    desktop.study(course.name)
    views = [asdict(view) for view in look_at_all(desktop, keep)]
    return {"notes": notes, "cards": desktop.window.col.card_count(), "views": views}


def _keep_in(folder: Path) -> Keep:
    return lambda name, picture: picture.save(str(folder / f"{name}.png"))


def _keep_for_docs(name: str, picture: Any) -> None:
    if name in KEPT:
        palette.save(picture, Path(__file__).parent / KEPT[name])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ankiexport-", ignore_cleanup_errors=True) as temporary:
        if len(sys.argv) == 1:
            take(Path(temporary), _keep_for_docs, scale=2)
        else:
            out = Path(sys.argv[1])
            out.mkdir(parents=True, exist_ok=True)
            seen = take(Path(temporary), _keep_in(out), scale=1)
            (out / "views.json").write_text(json.dumps(seen, indent=1), "utf-8")


if __name__ == "__main__":
    main()
    leave(0)
