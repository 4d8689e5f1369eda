"""The whole data flow: load → read → identify → write. Read this module first.

paths → Source* → Page(Item*)* → Course(Deck(Note*)*) → file
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ankiexport import config, decks, identity, words
from ankiexport.config import Config
from ankiexport.errors import NoItemError, SourceError, UsageError
from ankiexport.kinds import find_items
from ankiexport.model import Course, Deck, Diff, Note, Page, Problem, Report, Source, page_problem
from ankiexport.readers import read_document
from ankiexport.source import find_pages, load_source, tidy_source
from ankiexport.writers import write_file

_LAST_SECOND = 253402300799  # of the year 9999

PathLike = str | os.PathLike[str]


def read(pages: PathLike | Source | Iterable[PathLike | Source]) -> tuple[Page, ...]:
    """Reads practice pages.

    Args:
        pages: Paths of pages, folders or globs, or `Source`s. An `ankiexport.toml` in the folder of a path, or above
            it, gives its pages their keys, titles, tags and order.

    Raises:
        SourceError: a path is missing or cannot be read.
        UsageError: an `ankiexport.toml` is wrong, or two different pages have one key.
    """
    given = [pages] if isinstance(pages, str | os.PathLike | Source) else list(pages)
    sources = _load(given)
    course = _config_of(sources)
    found = [_read_page(source, course) for source in sources]
    return decks.merge_pages(_in_order(found), course.path.parent if course else None)


def build(pages: Iterable[Page], course: str | None = None, lock: PathLike | None = None) -> Course:
    """Gives the items of pages their identity and sorts them into decks. Writes nothing.

    Args:
        pages: What `read` gave.
        course: The course's name; else `ankiexport.toml` has it, else it is the name of the folder of the pages.
        lock: The place for the file that will keep identities through rewording. This version keeps none: a lock
            that is named here is neither read nor written, which `Course.problems` says.

    Raises:
        UsageError: an `ankiexport.toml` is wrong, or the name is empty.
    """
    pages = tuple(pages)
    if course is not None and not course.strip():
        raise UsageError("the name of the course is empty")
    settings = _config_of([page.source for page in pages])
    name = course or (settings.name if settings else None) or _folder_name(pages)
    course_id = (settings.id if settings else None) or identity.slug(name) or "course"
    problems = _course_problems(pages, course_id, settings, lock)
    named, clashes = decks.name_decks(pages, name, settings)
    modified = _now()
    made: list[Deck] = []
    for page, deck_name in named:
        identified = identity.assign_guids(course_id, page.key, page.items)
        problems.extend(identified.problems)
        notes = tuple(
            Note(guid=guid, item=item, tags=decks.tags(course_id, page, item), modified=modified)
            for guid, item in identified.pairs
        )
        about = decks.description(page, name, settings)
        made.append(
            Deck(name=deck_name, page_key=page.key, title=page.title, notes=notes, url=page.url, description=about)
        )
    added = Diff(added=tuple(note.guid for deck in made for note in deck.notes))
    return Course(id=course_id, name=name, decks=tuple(made), diff=added, problems=(*problems, *clashes))


def _course_problems(
    pages: Sequence[Page], course_id: str, settings: Config | None, lock: PathLike | None
) -> list[Problem]:
    problems = []
    if not settings and any(page.items for page in pages):
        folder = next((page.source.folder for page in pages if page.source.folder), Path())
        message = (
            f'there is no such file; the id of this course is {course_id!r}, which [course] id = "{course_id}" keeps'
        )
        problems.append(page_problem(str(folder / config.FILE_NAME), "note", message))
    if lock is not None:
        message = "this version keeps no lock: it was neither read nor written"
        problems.append(page_problem(os.fspath(lock), "warning", message))
    return problems


def write(course: Course, path: PathLike) -> Report:
    """Writes a course to a file; the suffix says what kind.

    Raises:
        NoItemError: the course has no note; nothing is written.
        UsageError: the file's name.
        OutputError: the file could not be written; what was there is untouched.
    """
    if not course.notes:
        raise NoItemError(f"{course.name}: no question with an answer, so {os.fspath(path)} is not written")
    write_file(course, Path(path))
    diff = course.diff
    return Report(
        new=len(diff.added),
        changed=len(diff.changed),
        moved=len(diff.moved),
        retired=len(diff.removed),
        unchanged=len(diff.unchanged),
    )


def _load(entries: Iterable[PathLike | Source]) -> list[Source]:
    """The sources in the order given, a file that is given twice once."""
    sources: list[Source] = []
    seen: set[str] = set()
    for entry in entries:
        if isinstance(entry, Source):
            sources.append(tidy_source(entry))
            continue
        for path, folder in find_pages([os.fspath(entry)]).items():
            real = os.path.realpath(path)
            if real not in seen:
                sources.append(load_source(path, folder))
                seen.add(real)
    return sources


def _config_of(sources: Sequence[Source]) -> Config | None:
    """The one `ankiexport.toml` that these pages are under; pages outside its folder join its course."""
    folders = dict.fromkeys(source.path.parent for source in sources if source.path)
    found = dict.fromkeys(path for folder in folders if (path := config.find_config(folder)))
    if len(found) > 1:
        raise UsageError(f"the pages belong to two courses: {' and '.join(map(str, found))}; build one at a time")
    return config.load_config(next(iter(found))) if found else None


def _read_page(source: Source, course: Config | None) -> Page:
    try:
        document = read_document(source)
    except RecursionError as error:
        raise SourceError(f"{source.name}: nested too deeply to be read") from error
    items, problems = find_items(document.blocks)
    said = course.page(source.path) if course else None
    own_title = words.without_title_prefix(source.title or document.title or "")
    stem = (source.path or Path(source.name)).stem
    page = Page(
        key=(said and said.key) or identity.slug(own_title) or identity.slug(stem) or "page",
        title=(said and said.title) or own_title or stem or "Practice",
        source=source,
        items=items,
        problems=(*source.problems, *document.problems, *problems),
        url=document.url or source.url,
        number=said.number if said else None,
        deck=said.deck if said else None,
        tags=said.tags if said else (),
    )
    if not items:
        message = "no question with an answer on this page" if source.text.strip() else "this page is empty"
        page = replace(page, problems=(*page.problems, page_problem(source.name, "note", message)))
    return page


def _in_order(pages: Sequence[Page]) -> list[Page]:
    """Listed lessons by their number, then the others as they came."""
    return sorted(pages, key=lambda page: (page.number is None, page.number or 0))


def _folder_name(pages: Sequence[Page]) -> str:
    folders = {page.source.folder.resolve() for page in pages if page.source.folder}
    common = Path(os.path.commonpath(folders)) if folders else Path.cwd()
    return common.name or "Practice"


def _now() -> int:
    """The time in seconds that a new note carries; `SOURCE_DATE_EPOCH` overrules the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return int(time.time())
    if not epoch.isdecimal() or len(epoch) > len(str(_LAST_SECOND)) or int(epoch) > _LAST_SECOND:
        raise UsageError(f"SOURCE_DATE_EPOCH is not a whole number of seconds: {epoch!r}")
    return int(epoch)
