"""A source → its reading: all that a page's own text decides, and what takes most of a build's time.

A reading is plain data: it is made in other processes (`workers.py`) and kept for the next build (`cache.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ankiexport.errors import SourceError
from ankiexport.model import Format, Html, Prepared, Problem, Source, Trace

_SHARED = ("fingerprint_text", "question", "context", "label", "section", "shape")
_NO_FIELDS: dict[str, Html] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the text of a page says. `title` is what it calls itself; `is_blank` tells that there is no text."""

    format: Format
    title: str
    url: str | None
    is_blank: bool
    prepared: tuple[Prepared, ...]
    problems: tuple[Problem, ...]
    traces: tuple[Trace, ...] = ()


def read_source(source: Source, *, traces: bool) -> Reading:
    """Reads a page whose text is loaded.

    Args:
        traces: Whether to tell what became of each reveal.

    Raises:
        SourceError: it is nested too deeply.
        UsageError: no reader knows its format.
    """
    from ankiexport import footnotes  # what reads pages takes its time to load, and known pages need none of it
    from ankiexport.identity import prepare
    from ankiexport.kinds import find_items
    from ankiexport.kinds.nesting import level_nested
    from ankiexport.notetype import own_fields
    from ankiexport.pairs import pair_openly
    from ankiexport.readers import read_document

    try:
        document = read_document(source)
        title = source.title or document.title or ""
        found = find_items(pair_openly(level_nested(document.blocks), title))
    except RecursionError as error:
        raise SourceError(f"{source.name}: nested too deeply to be read") from error
    items = footnotes.attach(found.items, document.footnotes)
    return Reading(
        format=source.format,
        title=title,
        url=document.url,
        is_blank=not source.text.strip(),
        prepared=tuple(prepare(item, own_fields(item)) for item in items),
        problems=(*source.problems, *document.problems, *found.problems),
        traces=found.traces if traces else (),
    )


def encode(reading: Reading) -> bytes:
    """A reading as bytes, which `decode` takes: data alone, whoever wrote it.

    Raises:
        UnicodeEncodeError: the page's name is none in any encoding.
    """
    import msgspec

    return msgspec.msgpack.encode(reading)


def decode(encoded: bytes) -> Reading:
    """Raises ValueError where these are no reading's bytes."""
    reading: Reading = _decoder().decode(encoded)
    _share(reading.prepared)
    return reading


def _share(prepared: Iterable[Prepared]) -> None:
    """Lets items share the texts that they have in common, as those do that were read: a third of their memory.

    They are changed in place, though they are frozen, for nobody else has seen them yet.
    """
    seen: dict[str, str] = {}
    for one in prepared:
        place = one.item.location
        object.__setattr__(place, "source", seen.setdefault(place.source, place.source))
        for name in _SHARED:
            text = getattr(one.item, name)
            if text is not None and (first := seen.setdefault(text, text)) is not text:
                object.__setattr__(one.item, name, first)
        if not one.fields:
            object.__setattr__(one, "fields", _NO_FIELDS)


@cache
def _decoder() -> Any:
    import msgspec

    return msgspec.msgpack.Decoder(Reading)
