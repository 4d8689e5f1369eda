"""What others have installed for ankiexport to use: entry points → readers, pairers, finders, writers.

Nothing is looked for before it is needed, and `docs/extending.md` shows one of each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ankiexport.errors import AnkiExportError, UsageError
from ankiexport.model import FORMATS, Document, Source

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

READERS = "ankiexport.readers"
PAIRS = "ankiexport.pairs"
KINDS = "ankiexport.kinds"
WRITERS = "ankiexport.writers"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPlugin:
    """A reader of pages: the suffixes of its files (".org"), and what makes a `Document` of a `Source`.

    The name of its entry point is the name of the format.
    """

    suffixes: tuple[str, ...]
    read: Callable[[Source], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """An entry point that is loaded: `given` is what its distribution gives for it."""

    name: str
    group: str
    distribution: str
    given: Any

    @property
    def reader(self) -> ReaderPlugin:
        reader = self.given
        if not isinstance(reader, ReaderPlugin) or self.name in FORMATS:
            raise self.error("a reader is a ReaderPlugin of a format of its own")
        return reader

    def call(self, *arguments: object, gives: tuple[type, ...], of: Callable[..., Any] | None = None) -> Any:
        """What it makes of the arguments, which is of one of these types.

        Raises:
            UsageError: it fails, or gives something else. What is ours, and what the system says of a file, goes on.
        """
        try:
            made = (of or self.given)(*arguments)
        except (AnkiExportError, OSError, RecursionError):
            raise
        except Exception as error:
            raise self.error(f"{type(error).__name__}: {error}") from error
        if not isinstance(made, gives):
            wanted = " or ".join("nothing" if one is type(None) else one.__name__ for one in gives)
            raise self.error(f"it gave {type(made).__name__}, not {wanted}")
        return made

    def error(self, what: str) -> UsageError:
        """The error that names who has to mend it, in one line."""
        told = " ".join(what.split())
        return UsageError(f"the plug-in {self.name!r} ({self.group}) of {self.distribution} does not work: {told}")


@cache
def load(group: str) -> tuple[Plugin, ...]:
    """All plug-ins of a group, by name.

    Raises:
        UsageError: one of them cannot be loaded, or two have one name.
    """
    from importlib.metadata import entry_points

    found = [_load(group, entry) for entry in sorted(entry_points(group=group), key=lambda entry: entry.name)]
    for one, other in pairwise(found):
        if one.name == other.name:
            raise other.error(f"{one.distribution} has one of this name too")
    return tuple(found)


@cache
def readers() -> tuple[Plugin, ...]:
    """The readers that are installed.

    Raises:
        UsageError: see `load`; or one is none, or two read files of one suffix.
    """
    found = load(READERS)
    owners: dict[str, Plugin] = {}
    for plugin in found:
        for suffix in plugin.reader.suffixes:
            if owners.setdefault(suffix, plugin) is not plugin:
                raise plugin.error(f"{owners[suffix].distribution} has a reader for {suffix} too")
    return found


def _load(group: str, entry: "EntryPoint") -> Plugin:
    distribution = entry.dist.name if entry.dist else "an unknown distribution"
    plugin = Plugin(name=entry.name, group=group, distribution=distribution, given=None)
    try:
        given = entry.load()
    except Exception as error:
        raise plugin.error(f"{type(error).__name__}: {error}") from error
    if group != READERS and not callable(given):
        raise plugin.error(f"{type(given).__name__} cannot be called")
    return Plugin(name=entry.name, group=group, distribution=distribution, given=given)
