"""Web addresses → the `Source`s of their pages, from a copy in the user's cache that is brought up to date first."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ankiexport.errors import SourceError, UsageError
from ankiexport.files import user_cache
from ankiexport.manifest import FILE_NAME, Manifest, Manifests, load_manifest
from ankiexport.model import Problem, Source
from ankiexport.progress import Watch
from ankiexport.source import find_pages, is_preview_at, source_of
from ankiexport.web import addresses
from ankiexport.web.fetch import Fetched, fetch
from ankiexport.web.manners import Fetching
from ankiexport.web.names import folder_name


def find_site(urls: Sequence[str], fetching: Fetching, watch: Watch) -> list[Source]:
    """The pages at these addresses, as a folder of them would give them; problems name them by address.

    A page that could not be had now is as it was the last time. With `fetching.alone`, a page that is in the copy of a
    course is taken from there, as a part of that course.

    Raises:
        UsageError: what is no web address.
        SourceError: an address could not be fetched, and was never before.
        OutputError: the copy could not be written.
    """
    starts = tuple(dict.fromkeys(map(addresses.start, urls)))
    known = _copy_with(starts[0]) if fetching.alone and len(starts) == 1 else None
    if known:
        return [source for source in _sources(known.folder, known.folder.name) if source.url == starts[0]]
    name = folder_name(starts)
    wanted = "\n".join((*starts, "", *fetching.match, str(fetching.alone)))
    folder = user_cache() / "sites" / hashlib.sha256(wanted.encode("utf-8")).hexdigest()[:16] / name
    fetched = fetch(urls, folder, fetching, watch=watch)
    if fetched.missing and not fetched.is_copy:
        raise SourceError(f"{fetched.missing[0].location.source}: {fetched.missing[0].message}")
    sources = _sources(folder, name)
    problems = _problems(fetched)
    if not sources:
        raise SourceError(f"{starts[0]}: " + (problems[0].message if problems else "there is no page"))
    return [replace(sources[0], problems=(*problems, *sources[0].problems)), *sources[1:]]


def _problems(fetched: Fetched) -> tuple[Problem, ...]:
    if not fetched.is_copy:
        return fetched.problems
    manifest = load_manifest(fetched.folder)
    day = manifest.finished if manifest else ""
    return tuple(
        replace(problem, severity="warning", message=f"{problem.message}; read from the copy of {day}")
        for problem in fetched.missing
    )


def _sources(folder: Path, name: str) -> list[Source]:
    """The pages of a copy, which are called by their addresses."""
    known: Manifests = {}
    pages = (path for path in find_pages([folder], known) if not is_preview_at(path))
    found = (source_of(path, folder, True, known) for path in pages)
    return [replace(source, name=source.url, site=name) for source in found if source.url]


def _copy_with(url: str) -> Manifest | None:
    """The copy of a course that has this page; of several, the last that was made."""
    found: list[Manifest] = []
    for path in user_cache().glob(f"sites/*/*/{FILE_NAME}"):
        manifest = None
        with suppress(UsageError):  # a damaged one is no copy
            manifest = load_manifest(path.parent)
        if manifest and any(page.url == url for page in manifest.pages):
            found.append(manifest)
    return max(found, key=lambda manifest: manifest.begun, default=None)
