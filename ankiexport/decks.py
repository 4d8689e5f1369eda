"""Pages → decks: what each deck is called, what stands under its name, and the tags of its notes."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ankiexport import config, markup
from ankiexport.model import Deck, Item, Kind, LockedPage, Page, Problem, Track, page_problem
from ankiexport.settings import Config

KEPT_NAME = "kept-name"
"""The code of the note that a deck keeps its name."""
_MOST_KEPT = 3  # of such notes


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPage:
    """A page with the full name of its deck, and the number in it if there is one."""

    page: Page
    deck: str
    number: int | None


def name_decks(
    pages: Sequence[Page], course: str, settings: Config | None, pinned: Mapping[str, LockedPage], others: Iterable[str]
) -> tuple[list[NamedPage], list[Problem]]:
    """The full deck name of each page that has items. Anki matches decks by name, case aside, and never moves cards.

    Args:
        course: The name of the parent deck.
        pinned: What a lock says of these pages, by their keys; the names in it stay.
        others: Deck names of other pages.
    """
    named, problems = [], []
    taken = {name.casefold() for name in others} | {pin.deck.casefold() for pin in pinned.values()}
    kept = []
    tracks = _track_names(pages, settings)
    positions: Counter[Track | None] = Counter()
    for page in pages:
        positions[page.track] += 1
        if not page.items:
            continue
        pin = pinned.get(page.key)
        number = page.number if page.number is not None else positions[page.track]
        if page.number is None and pin and pin.number is not None:
            number = pin.number
        template = _template(page, settings)
        name = _deck_name((_segment(course), *tracks[page.track], _filled(template, page.title, number)))
        if name.casefold() in taken and not (pin and pin.deck.casefold() == name.casefold()):
            message = f"another page has the deck {name!r}: this one adds its key"
            problems.append(page_problem(page.source.name, "warning", message))
            name = f"{name} ({page.key})"
        if pin and pin.deck != name:
            kept.append((page, pin.deck, name))
            name = pin.deck
        taken.add(name.casefold())
        named.append(NamedPage(page=page, deck=name, number=number if "{number" in template else None))
    return named, [*problems, *_kept_names(kept)]


def _kept_names(kept: Sequence[tuple[Page, str, str]]) -> Iterator[Problem]:
    """What is told of decks whose names a lock pins: of many, as where tracks are new, the first stands for all."""
    told = kept if len(kept) <= _MOST_KEPT else kept[:1]
    for page, name, new_name in told:
        message = f"the deck keeps its name {name!r}; ankiexport lock --accept-names makes it {new_name!r}"
        if len(told) < len(kept):
            message += f", and renames {len(kept) - 1} other decks that keep theirs"
        yield page_problem(page.source.name, "note", message, KEPT_NAME)


def _track_names(pages: Sequence[Page], settings: Config | None) -> Mapping[Track | None, tuple[str, ...]]:
    """What stands between the names of course and lesson, as parts of a deck's name."""
    tracks = [track for track in dict.fromkeys(page.track for page in pages) if track]
    names: dict[Track | None, tuple[str, ...]] = {None: ()}
    for position, track in enumerate(tracks, 1):
        default = config.PLAIN if track.number is None else config.NUMBERED
        template = (settings.track_deck if settings else None) or default
        names[track] = (_filled(template, track.title, position if track.number is None else track.number),)
    return names


def _template(page: Page, settings: Config | None) -> str:
    default = config.NUMBERED if page.number is not None else config.PLAIN
    return page.deck or (settings.deck if settings else None) or default


def _filled(template: str, title: str, number: int) -> str:
    return unicodedata.normalize("NFC", template).format(number=number, title=_segment(title))


def _deck_name(names: Iterable[str]) -> str:
    """The full name of a deck; each of the names may have several parts."""
    return "::".join(part.strip() or "blank" for part in "::".join(names).split("::"))


def _segment(title: str) -> str:
    """A title as one segment of a deck's name."""
    while "::" in title:
        title = title.replace("::", ":")
    return markup.fold(unicodedata.normalize("NFC", title)).strip(":") or "blank"


def tags(course_id: str, page: Page, item: Item) -> tuple[str, ...]:
    """The tags of a note: none holds a space, at which Anki would cut it."""
    return _tags(course_id, page.key, item.kind, item.shape, page.tags)


@lru_cache(maxsize=64)  # the notes of a page share them
def _tags(course_id: str, page_key: str, kind: Kind, shape: str, own: tuple[str, ...]) -> tuple[str, ...]:
    made = (f"course::{course_id}", f"lesson::{page_key}", f"kind::{kind}", f"shape::{shape.replace(' ', '-')}")
    return tuple(dict.fromkeys((*made, *filter(None, ("_".join(tag.split()) for tag in own)))))


def empty_deck(named: NamedPage, course: str, settings: Config | None) -> Deck:
    """The deck of a page, without its notes. `course` is the name of the course."""
    page = named.page
    return Deck(
        name=named.deck,
        page_key=page.key,
        title=page.title,
        notes=(),
        track=page.track.title if page.track else None,
        url=page.url,
        description=_description(page, course, settings),
        reverse=page.reverse,
        typed=page.typed,
    )


def _description(page: Page, course: str, settings: Config | None) -> str:
    """What Anki shows under the deck's name; empty without an `ankiexport.toml`, for it overwrites the learner's."""
    if not settings:
        return ""
    lines = [f"{page.title} ({course})", settings.author, settings.licence, page.url or settings.url]
    return "<br>".join(markup.escape(line) for line in lines if line)
