"""ankiexport: practice pages in, an Anki deck with one subdeck per lesson out.

pages = ankiexport.read("source/")
course = ankiexport.build(pages, course="Multimodal AI")
report = ankiexport.write(course, "multimodal.apkg")
"""

from typing import TYPE_CHECKING, Any

from ankiexport.errors import AnkiExportError, NoItemError, OutputError, SourceError, UsageError
from ankiexport.model import (
    Block,
    Course,
    Deck,
    Diff,
    Html,
    Item,
    Location,
    Note,
    Page,
    Problem,
    Report,
    Source,
)

if TYPE_CHECKING:
    from ankiexport.pipeline import build, read, write

__version__ = "0.1.0"

__all__ = [
    "AnkiExportError",
    "Block",
    "Course",
    "Deck",
    "Diff",
    "Html",
    "Item",
    "Location",
    "NoItemError",
    "Note",
    "OutputError",
    "Page",
    "Problem",
    "Report",
    "Source",
    "SourceError",
    "UsageError",
    "build",
    "read",
    "write",
]


def __getattr__(name: str) -> Any:
    """The stages load their libraries when they are first asked for, so that `ankiexport --help` starts at once."""
    if name in ("build", "read", "write"):
        from ankiexport import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
