"""Page formats: each reader turns a `Source` into a `Document`, one stream of blocks. A format is a row here."""

from collections.abc import Callable, Mapping
from importlib import import_module

from ankiexport import plugins
from ankiexport.errors import UsageError
from ankiexport.model import Document, Format, Source

Reader = Callable[[Source], Document]

# Format → module and function. A module is imported when a page needs it.
_READERS: Mapping[Format, tuple[str, str]] = {
    "text": ("ankiexport.readers.text", "read"),
    "html": ("ankiexport.readers.html", "read"),
    "markdown": ("ankiexport.readers.markdown", "read_markdown"),
    "mdx": ("ankiexport.readers.markdown", "read_mdx"),
}


def read_document(source: Source) -> Document:
    """The title and blocks of a page, by the reader of its format.

    Raises:
        UsageError: no reader knows the format.
    """
    if source.format not in _READERS:
        return _read_by_others(source)
    module, function = _READERS[source.format]
    reader: Reader = getattr(import_module(module), function)
    return reader(source)


def _read_by_others(source: Source) -> Document:
    """The document that a reader makes of it which somebody else has installed."""
    readers = {plugin.name: plugin for plugin in plugins.readers()}
    if source.format not in readers:
        known = ", ".join([*_READERS, *readers])
        raise UsageError(f"{source.name}: no reader for the format {source.format!r}; known: {known}")
    plugin = readers[source.format]
    document = plugin.call(source, gives=(Document,), of=plugin.reader.read)
    assert isinstance(document, Document)
    return document
