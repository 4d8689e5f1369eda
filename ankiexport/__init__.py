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
    Document,
    Html,
    Item,
    Location,
    Lock,
    Note,
    Page,
    Printing,
    Problem,
    Report,
    Selectors,
    Source,
    Track,
)

if TYPE_CHECKING:
    from ankiexport.kinds.leads import Found, Lead, Trail
    from ankiexport.pipeline import build, read, write
    from ankiexport.plugins import ReaderPlugin

__version__ = "0.1.0"

__all__ = [
    "AnkiExportError",
    "Block",
    "Change",
    "Course",
    "Deck",
    "Diff",
    "Document",
    "Found",
    "Html",
    "Item",
    "Lead",
    "Location",
    "Lock",
    "NoItemError",
    "Note",
    "OutputError",
    "Page",
    "Printing",
    "Problem",
    "ReaderPlugin",
    "Report",
    "Selectors",
    "ShrinkError",
    "Source",
    "SourceError",
    "StaleLockError",
    "Track",
    "Trail",
    "UsageError",
    "build",
    "read",
    "write",
]


# What is loaded when it is first asked for, so that `ankiexport --help` starts at once: module by name
_LATER = {
    **dict.fromkeys(("build", "read", "write"), "ankiexport.pipeline"),
    **dict.fromkeys(("Found", "Lead", "Trail"), "ankiexport.kinds.leads"),
    "ReaderPlugin": "ankiexport.plugins",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
