"""Outputs: each writer puts a course into a file of its kind. An output is a file in this folder and a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from ankiexport import plugins
from ankiexport.errors import UsageError
from ankiexport.model import Course, Printing

Writer = Callable[[Course, Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    """Where the function of an output is; it may write its path freely, which is a temporary file.

    `takes_printing` says that it also takes how the cards are laid out, `is_for_preview` that `preview` may write it.
    """

    module: str
    function: str = "write"
    takes_printing: bool = False
    is_for_preview: bool = False


# By suffix
_OUTPUTS: Mapping[str, _Output] = {
    ".apkg": _Output(module="ankiexport.writers.apkg"),
    ".json": _Output(module="ankiexport.writers.json", is_for_preview=True),
    ".html": _Output(module="ankiexport.writers.preview", is_for_preview=True),
    ".csv": _Output(module="ankiexport.writers.table", function="write_csv", is_for_preview=True),
    ".tsv": _Output(module="ankiexport.writers.table", function="write_tsv", is_for_preview=True),
    ".pdf": _Output(module="ankiexport.writers.print", takes_printing=True, is_for_preview=True),
}

# The desktop app offers to replace the whole collection with a file of such a name (Anki manual, "Packaged decks").
_COLLECTION_NAMES = ("collection.apkg", "backup-")


def is_for_preview(path: Path) -> bool:
    """Does a file of this name show cards and hold no deck?"""
    output = _OUTPUTS.get(path.suffix.lower())
    return bool(output and output.is_for_preview)


def find_writer(path: Path, printing: Printing | None = None) -> Writer:
    """The writer for a file of this name.

    Raises:
        UsageError: no output has this suffix, it is not for paper and `printing` is given, or Anki would take the file
            for a whole collection.
    """
    suffix = path.suffix.lower()
    output = _OUTPUTS.get(suffix)
    others = {} if output else _installed_writers()
    if not output and suffix not in others:
        known = ", ".join([*_OUTPUTS, *others])
        raise UsageError(f"{path}: the name of an output ends in {known}")
    if path.name.lower().startswith(_COLLECTION_NAMES):
        raise UsageError(f"{path}: Anki would replace the whole collection with a file of this name; choose another")
    if printing and not (output and output.takes_printing):
        raise UsageError(f"{path}: a layout and a paper are for a .pdf")
    if not output:
        return partial(others[suffix].call, gives=(type(None),))
    writer: Callable[..., None] = getattr(import_module(output.module), output.function)
    return partial(writer, printing=printing or Printing()) if output.takes_printing else writer


def _installed_writers() -> Mapping[str, plugins.Plugin]:
    """The writers that somebody else has installed, by suffix."""
    return {f".{plugin.name.lower().lstrip('.')}": plugin for plugin in plugins.load(plugins.WRITERS)}
