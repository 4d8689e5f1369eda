"""What is given → its sources, and where their course is at home: its `ankiexport.toml`, folder, lock and name."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ankiexport import config, markup
from ankiexport.errors import SourceError, UsageError
from ankiexport.lock import FILE_NAME
from ankiexport.manifest import Manifests
from ankiexport.model import Source
from ankiexport.progress import Watch, unwatched
from ankiexport.settings import Config
from ankiexport.source import find_pages, is_preview_at, source_of, tidy_source
from ankiexport.web import addresses
from ankiexport.web.manners import Fetching

PathLike = str | os.PathLike[str]


def find_sources(
    entries: Iterable[PathLike | Source], *, fetching: Fetching | None = None, watch: Watch = unwatched
) -> list[Source]:
    """The sources in the order given, a file that is given twice once; a preview beside the pages is none of them.

    The pages at all web addresses stand where the first of these does: they are fetched together. Files are not loaded
    yet. Raises SourceError as `read` does.
    """
    entries = list(entries)
    urls = [entry for entry in entries if isinstance(entry, str) and addresses.is_web(entry)]
    sources: list[Source] = []
    seen: set[str] = set()
    known: Manifests = {}
    for entry in entries:
        if isinstance(entry, Source):
            sources.append(tidy_source(entry))
            continue
        if entry in urls:
            if not any(source.site for source in sources):
                sources += _site_sources(urls, fetching or Fetching(), watch)
            continue
        is_folder = os.path.isdir(entry)  # noqa: PTH112  # never raises, whatever the name
        for path, folder in find_pages([os.fspath(entry)], known).items():
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                if not is_preview_at(path):
                    sources.append(source_of(path, folder, is_folder, known))
                elif path == Path(entry):
                    raise SourceError(f"{path}: ankiexport wrote this preview itself; give the pages that it shows")
    return sources


def _site_sources(urls: Sequence[str], fetching: Fetching, watch: Watch) -> list[Source]:
    from ankiexport.web.site import find_site

    return find_site(urls, fetching, watch)


def config_of(sources: Sequence[Source]) -> Config | None:
    """The one `ankiexport.toml` that these pages are under; pages outside its folder join its course."""
    folders = dict.fromkeys(source.path.parent for source in sources if source.path and not source.site)
    found: dict[Path, Path] = {}
    for folder in folders:
        if path := config.find_config(folder):
            found.setdefault(path.parent.resolve(), path)
    if len(found) > 1:
        raise UsageError(
            f"the pages belong to two courses: {' and '.join(map(str, found.values()))}; build one at a time"
        )
    return config.load_config(next(iter(found.values()))) if found else None


def find_lock(sources: Sequence[Source]) -> Path | None:
    """Where the lock of these pages belongs: beside `ankiexport.toml`, else beside the pages; None without files.

    That of pages that were given by their address is in the working folder, and is called after their site.
    """
    home = home_of([source for source in sources if not source.site])
    if home:
        return home / FILE_NAME
    return next((Path(f"{source.site}.lock") for source in sources if source.site), None)


def home_of(sources: Sequence[Source]) -> Path | None:
    """The folder of a course: that of its `ankiexport.toml`, else that which holds all pages; None without files.

    Raises:
        UsageError: the `ankiexport.toml` is wrong.
    """
    settings = config_of(sources)
    return settings.path.parent if settings else folder_of(sources)


def folder_of(sources: Sequence[Source]) -> Path | None:
    """The folder that was given, or that all given ones are in; None without files."""
    folders = {source.folder for source in sources if source.folder}
    return _common(folders) if folders else None


def folder_name(sources: Sequence[Source]) -> str:
    """What a course is called that nobody has given a name: as its folder, or the copy of its site."""
    folder = folder_of([source for source in sources if not source.site])
    site = next((source.site for source in sources if source.site), None)
    if site and not folder:
        return site
    return markup.fold((folder or Path()).resolve().name) or "Practice"


def _common(folders: set[Path]) -> Path:
    """The folder that all of these are in; a single one as it was given."""
    if len(folders) == 1:
        return next(iter(folders))
    return Path(os.path.commonpath({folder.resolve() for folder in folders}))
