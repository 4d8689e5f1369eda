"""ankiexport: practice pages in, an Anki deck with one subdeck per lesson out.

pages = ankiexport.read("source/")
course = ankiexport.build(pages, course="Multimodal AI", lock="ankiexport.lock")
report = ankiexport.write(course, "multimodal.apkg")
"""

from typing import TYPE_CHECKING, Any

from ankiexport.errors import (
    AnkiExportError,
    NoItemError,
    OutputError,
    ShrinkError,
    SourceError,
    StaleLockError,
    UsageError,
)
from ankiexport.model import (
    Block,
    Change,
    Course,
    Deck,
    Diff,
    Html,
    Item,
    Location,
    Lock,
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
    "Change",
    "Course",
    "Deck",
    "Diff",
    "Html",
    "Item",
    "Location",
    "Lock",
    "NoItemError",
    "Note",
    "OutputError",
    "Page",
    "Problem",
    "Report",
    "ShrinkError",
    "Source",
    "SourceError",
    "StaleLockError",
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
