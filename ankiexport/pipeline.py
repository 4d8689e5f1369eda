"""The whole data flow: load → read → identify → write. Read this module first.

paths → Source* → Page(Item*)* → Course(Deck(Note*)*) → file
"""

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ankiexport import config, decks, identity, words
from ankiexport.config import Config
from ankiexport.decks import NamedPage
from ankiexport.errors import LockedError, NoItemError, ShrinkError, SourceError, UsageError
from ankiexport.history import History, diff_of
from ankiexport.kinds import find_items
from ankiexport.lock import FILE_NAME, load_lock, render_lock, save_lock
from ankiexport.model import Course, Deck, Lock, LockedPage, Page, Problem, Report, Source, page_problem
from ankiexport.readers import read_document
from ankiexport.recover import lock_from_package
from ankiexport.reidentify import Reidentified, read_page, reidentify
from ankiexport.source import find_pages, load_source, tidy_source
from ankiexport.writers import write_file

_DAY = 86_400  # seconds

_NO_LOCK = Lock(path=Path(), course_id="", course_name="")

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


def build(
    pages: Iterable[Page],
    course: str | None = None,
    lock: PathLike | Lock | None = None,
    *,
    fuzzy: bool = True,
    accept_names: bool = False,
) -> Course:
    """Gives the items of pages their identity and sorts them into decks. Writes nothing.

    Args:
        pages: What `read` gave.
        course: The course's name; else `ankiexport.toml` has it, else the lock, else it is the name of the folder of
            the pages.
        lock: The file that remembers who is who, or what it holds; it need not be there yet. Without one, a reworded
            question is a new note.
        fuzzy: Whether likeness may tell which note a reworded question was.
        accept_names: Whether decks take the names that their pages have now; cards that learners have never move.

    Raises:
        UsageError: an `ankiexport.toml` is wrong, the name is empty, or the lock is damaged or another course's.
    """
    pages = tuple(pages)
    if course is not None and not course.strip():
        raise UsageError("the name of the course is empty")
    settings = _config_of([page.source for page in pages])
    past = lock if isinstance(lock, Lock) else _lock_at(Path(lock)) if lock is not None else _NO_LOCK
    name = course or (settings.name if settings else None) or past.course_name or _folder_name(pages)
    course_id = _course_id(pages, name, settings, past)
    identified = [identity.assign_guids(course_id, page.key, page.items) for page in pages]
    as_read = [read_page(page, found.fingerprints) for page, found in zip(pages, identified, strict=True)]
    known = reidentify(as_read, past, fuzzy=fuzzy)
    parent = past.course_name if past.course_name and not accept_names else name
    named, name_problems = decks.name_decks(pages, parent, settings, *_pins(past, known, pages, accept_names))
    history = History(course_id, past, known, _now())
    items_of = {read.page.key: read for read in as_read}
    continued = [history.continue_deck(items_of[it.page.key], _deck(it, name, settings), it.number) for it in named]
    after, removed = history.lock_after(continued, parent)
    changes = (*(change for done in continued for change in done.changes), *removed)
    problems = [
        *(_without_settings(pages, course_id) if settings is None and not past.course_id else ()),
        *_from_the_future(past),
        *(problem for found in identified for problem in found.problems),
        *(problem for done in continued for problem in done.problems),
        *name_problems,
    ]
    return Course(
        id=course_id,
        name=name,
        decks=tuple(done.deck for done in continued),
        diff=diff_of(changes),
        problems=tuple(problems),
        changes=changes,
        lock=after if past is not _NO_LOCK else None,
        shrunk=history.shrunk(continued, removed),
    )


def _lock_at(path: Path) -> Lock:
    return load_lock(path) or replace(_NO_LOCK, path=path)


def _course_id(pages: Sequence[Page], name: str, settings: Config | None, past: Lock) -> str:
    """The TOML's id, else the lock's, else one made from the name.

    Raises:
        UsageError: the lock is another course's.
    """
    made = identity.slug(name) or "course"
    if settings and settings.id:
        is_foreign = past.course_id not in ("", settings.id)
        made = settings.id
    else:
        keys = {page.key for page in past.pages}
        is_renamed = past.course_name == name or any(page.key in keys for page in pages)
        is_foreign = bool(keys) and past.course_id != made and not is_renamed
    if is_foreign:
        raise UsageError(
            f"{past.path}: this is the lock of the course {past.course_id!r}, not of {made!r}: name another file with"
            f' --lock, or, if they are one course, set id = "{past.course_id}" in {config.FILE_NAME}'
        )
    return past.course_id or made


def _pins(
    past: Lock, known: Reidentified, pages: Sequence[Page], accept_names: bool
) -> tuple[dict[str, LockedPage], list[str]]:
    """What the lock says of these pages' decks, and the names of its other decks."""
    locked = {page.key: page for page in past.pages}
    of_pages = {page.key: known.renamed.get(page.key, page.key) for page in pages}
    others = [page.deck for page in past.pages if page.key not in of_pages.values()]
    if accept_names:
        return {}, others
    return {key: locked[old] for key, old in of_pages.items() if old in locked}, others


def _deck(named: NamedPage, course: str, settings: Config | None) -> Deck:
    """The deck of a page, without its notes."""
    page = named.page
    about = decks.description(page, course, settings)
    return Deck(name=named.deck, page_key=page.key, title=page.title, notes=(), url=page.url, description=about)


def _without_settings(pages: Sequence[Page], course_id: str) -> list[Problem]:
    if not any(page.items for page in pages):
        return []
    folder = next((page.source.folder for page in pages if page.source.folder), Path())
    message = f'there is no such file; the id of this course is {course_id!r}, which [course] id = "{course_id}" keeps'
    return [page_problem(str(folder / config.FILE_NAME), "note", message)]


def _from_the_future(past: Lock) -> list[Problem]:
    """A note that comes from the future overwrites the learner's edits of it with every import, until then."""
    last = max((note.modified for page in past.pages for note in page.notes), default=0)
    if last <= time.time() + _DAY:
        return []
    message = f"notes in it were changed as late as {time.strftime('%Y-%m-%d', time.gmtime(last))}: a clock was wrong"
    return [page_problem(str(past.path), "warning", message)]


def find_lock(pages: Iterable[Page]) -> Path | None:
    """Where the lock of these pages belongs: beside `ankiexport.toml`, else beside the pages; None without files."""
    sources = [page.source for page in pages]
    settings = _config_of(sources)
    if settings:
        return settings.path.parent / FILE_NAME
    folders = {source.folder for source in sources if source.folder}
    return _common(folders) / FILE_NAME if folders else None


def build_over(
    output: Path | None, pages: Sequence[Page], course: str | None, lock: Path | None, *, fuzzy: bool
) -> tuple[Course, Path]:
    """As `build`, for a file that may be there already; it tells what no lock does. Gives that file's path too.

    Where the lock is lost and the file is an older deck of this course, the lock is made from it.
    """
    made = build(pages, course, lock, fuzzy=fuzzy)
    output = output or Path(f"{made.id}.apkg")
    is_known = made.lock is not None and made.lock.text is not None
    is_there = os.path.exists(output)  # noqa: PTH110  # never raises, whatever the name
    if is_known or not made.notes or not is_there:
        return made, output
    if made.lock:
        with suppress(SourceError, UsageError):
            recovered = lock_from_package(output, made.lock.path)
            if recovered.course_id == made.id:
                known = build(pages, course, recovered, fuzzy=fuzzy)
                message = f"there was no lock: made from {output}, which does not tell of notes that left their pages"
                told = page_problem(str(made.lock.path), "note", message)
                return replace(known, problems=(told, *known.problems)), output
    message = (
        "replaced without a lock that knows its notes: whoever imports it gets every note updated, their own edits"
        " overwritten, and each reworded question as a new one"
    )
    return replace(made, problems=(page_problem(str(output), "warning", message), *made.problems)), output


def compare(
    pages: Sequence[Page], course: str | None, lock: Path | None, against: Path | None, *, fuzzy: bool
) -> Course:
    """As `build`, with an older deck in place of the lock if one is given: `Course.changes` tells the difference.

    Raises:
        SourceError: the older deck is missing or cannot be read.
        UsageError: see `build`.
    """
    past = lock_from_package(against, lock or Path(FILE_NAME)) if against else lock
    made = build(pages, course, past, fuzzy=fuzzy)
    if against or (made.lock and made.lock.text is not None):
        return made
    told = page_problem(str(lock or FILE_NAME), "warning", "there is no lock to compare with: everything is new")
    return replace(made, problems=(told, *made.problems))


def recover_lock(deck: Path, path: Path) -> Lock:
    """Writes a lock that was lost, as far as a deck tells of it.

    Raises:
        SourceError: the deck is missing or cannot be read.
        UsageError: it is none of ankiexport, or the lock is there.
        OutputError: the lock could not be written.
    """
    if path.exists():
        raise UsageError(f"{path}: there is a lock already; move it away first")
    lock = lock_from_package(deck, path)
    save_lock(lock)
    return lock


def write(course: Course, path: PathLike, *, allow_shrink: bool = False, locked: bool = False) -> Report:
    """Writes the lock of a course, if it has one, and the course to a file; the suffix says of what kind.

    Args:
        allow_shrink: Write though many notes are gone.
        locked: Write only if the lock stays as it is.

    Raises:
        ShrinkError: so many notes are gone that it looks like a mistake.
        LockedError: the lock would change.
        NoItemError: the course has no note.
        UsageError: the file's name; or the lock has changed since it was read.
        OutputError: a file could not be written. What was there is untouched, as after the other errors.
    """
    _check_shrink(course, allow_shrink)
    if not course.notes:
        raise NoItemError(f"{course.name}: no question with an answer, so {os.fspath(path)} is not written")
    if locked and course.lock and render_lock(course.lock) != course.lock.text:
        raise LockedError(f"{course.lock.path}: would change; build without --locked, and commit it with the pages")
    write_file(course, Path(path))
    diff = course.diff
    return Report(
        new=len(diff.added),
        changed=len(diff.changed),
        moved=len(diff.moved),
        retired=len(diff.removed),
        unchanged=len(diff.unchanged),
    )


def write_lock(course: Course, *, allow_shrink: bool = False) -> None:
    """Writes the lock of a course alone. Raises as `write` does."""
    _check_shrink(course, allow_shrink)
    if course.lock:
        save_lock(course.lock)


def _check_shrink(course: Course, allow_shrink: bool) -> None:
    if course.shrunk and not allow_shrink:
        raise ShrinkError(f"{course.shrunk}; nothing was written. If that is meant: --allow-shrink")


def _load(entries: Iterable[PathLike | Source]) -> list[Source]:
    """The sources in the order given, a file that is given twice once."""
    sources: list[Source] = []
    seen: set[str] = set()
    for entry in entries:
        if isinstance(entry, Source):
            sources.append(tidy_source(entry))
            continue
        is_folder = os.path.isdir(entry)  # noqa: PTH112  # never raises, whatever the name
        for path, folder in find_pages([os.fspath(entry)]).items():
            real = os.path.realpath(path)
            if real not in seen:
                sources.append(load_source(path, folder, whole_folder=is_folder))
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
    folders = {page.source.folder for page in pages if page.source.folder}
    return _common(folders or {Path()}).resolve().name or "Practice"


def _common(folders: set[Path]) -> Path:
    """The folder that all of these are in; a single one as it was given."""
    if len(folders) == 1:
        return next(iter(folders))
    return Path(os.path.commonpath({folder.resolve() for folder in folders}))


def _now() -> int:
    """The time in seconds that new and changed notes carry; `SOURCE_DATE_EPOCH` overrules the clock."""
    now = int(time.time())
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return now
    if not epoch.isdecimal() or not epoch.isascii() or len(epoch) > len(str(now)) or int(epoch) > now + _DAY:
        raise UsageError(f"SOURCE_DATE_EPOCH is not a whole number of seconds up to now: {epoch!r}")
    return int(epoch)
