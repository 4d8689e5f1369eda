"""The whole data flow: load → read → identify → write. Read this module first.

paths → Source* → Page(Item*)* → Course(Deck(Note*)*) → file
"""

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ankiexport import asking, decks, identity, markup, media, rules, words
from ankiexport.cache import read_known
from ankiexport.changes import changes_between, diff_of, report_of, shrunk
from ankiexport.decks import NamedPage
from ankiexport.errors import NoItemError, ShrinkError, StaleLockError, UsageError
from ankiexport.files import replacing
from ankiexport.finding import PathLike, config_of, find_sources, folder_name, folder_of
from ankiexport.forms import merge_pages
from ankiexport.history import History
from ankiexport.lock import is_as_read, save_lock
from ankiexport.media import Download
from ankiexport.model import Course, Lock, Page, Printing, Problem, Report, Source, Tracks, page_problem
from ankiexport.parts import split_by_track
from ankiexport.past import Past, find_past, lock_at, other_decks, pins, problems_of
from ankiexport.progress import Watch, unwatched
from ankiexport.reading import Reading
from ankiexport.reidentify import ReadPage, Reidentified, known_by_likeness, reidentify
from ankiexport.settings import Config
from ankiexport.tracks import assign_tracks
from ankiexport.web.manners import Fetching
from ankiexport.writers import find_writer

_DAY = 86_400  # seconds


def read(
    pages: PathLike | Source | Iterable[PathLike | Source],
    *,
    download_media: bool = False,
    fetching: Fetching | None = None,
    traces: bool = True,
    cache: PathLike | None = None,
    jobs: int = 1,
    watch: Watch = unwatched,
) -> tuple[Page, ...]:
    """Reads practice pages.

    Args:
        pages: Paths of pages, folders or globs, web addresses, or `Source`s. An `ankiexport.toml` in the folder of a
            path, or above it, gives its pages their keys, titles, tags and order.
        download_media: Take pictures and recordings that are on the web into the deck; else a link stands for each.
        fetching: Which pages of the sites at the addresses are wanted, and how politely they are asked for.
        traces: Tell what became of each reveal (`Page.traces`).
        cache: A folder that keeps what was read, so that a page whose bytes did not change is not read again; its pages
            have no traces.
        jobs: How many processes may read, where there are many pages. Each loads the program that is run, so that must
            do nothing but under `if __name__ == "__main__"`.
        watch: Is told of each page that is fetched, and of each that is read.

    Raises:
        SourceError: a path is missing or cannot be read, or an address could not be fetched.
        UsageError: an `ankiexport.toml` is wrong, or two different pages have one key.
    """
    given = [pages] if isinstance(pages, str | os.PathLike | Source) else list(pages)
    wanted = fetching or Fetching(media=download_media)
    sources = find_sources(given, fetching=wanted, watch=watch)
    return merge_forms(
        read_forms(sources, download_media=download_media, traces=traces, cache=cache, jobs=jobs, watch=watch)
    )


def read_forms(
    sources: Sequence[Source],
    *,
    download_media: bool,
    traces: bool,
    cache: PathLike | None,
    keeps: bool = True,
    jobs: int,
    watch: Watch,
) -> tuple[Page, ...]:
    """As `read`, of what `find_sources` gave, with every form of a page, and different pages that have one key.

    `keeps` says whether the cache learns what it does not know.
    """
    settings = config_of(sources)
    configured = [_configured(source, settings) for source in sources]
    folder = Path(cache) if cache else None
    readings = read_known(configured, folder, keeps=keeps, jobs=jobs, traces=traces, watch=watch)
    download = _download if download_media else None
    found = [_page(source, it, settings, download) for source, it in zip(configured, readings, strict=True)]
    return _in_order(found, settings)


def merge_forms(forms: Sequence[Page]) -> tuple[Page, ...]:
    """One page of the forms that it was read in. Raises UsageError where two different pages have one key."""
    settings = config_of([form.source for form in forms])
    return merge_pages(forms, settings.path.parent if settings else None)


def build(
    pages: Iterable[Page],
    course: str | None = None,
    lock: PathLike | Lock | None = None,
    *,
    fuzzy: bool = True,
    accept_names: bool = False,
    skip_overlaps: bool = False,
    tracks: Tracks | None = None,
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
        skip_overlaps: Whether an item is left out where another one asks and answers the same.
        tracks: What tells the track of a page for which `ankiexport.toml` names none: the "folders" of the pages, or
            their "urls"; "none" makes no tracks at all. Else `ankiexport.toml` says it.

    Raises:
        UsageError: an `ankiexport.toml` is wrong, the name is empty, or the lock is damaged or another course's.
    """
    pages = tuple(pages)
    if course is not None and not course.strip():
        raise UsageError("the name of the course is empty")
    sources = [page.source for page in pages]
    settings = config_of(sources)
    home = settings.path.parent if settings else folder_of(sources) or Path()
    tracked = assign_tracks(pages, settings, tracks, home)
    old = lock if lock is None or isinstance(lock, Lock) else lock_at(Path(lock))
    said = course or (settings.name if settings else None)
    name = markup.fold(said) if said else None
    past = find_past(tracked.pages, old, name, folder_name(sources), settings, accept_names=accept_names)
    found = _identify(tracked.pages, past, fuzzy=fuzzy, skip_overlaps=skip_overlaps)
    named, name_problems = _name_decks(found, past, settings, accept_names=accept_names)
    history = History(past.course_id, past.lock, found.known, _now())
    continued = [
        history.continue_deck(read, decks.empty_deck(it, past.name, settings), it.number) for it, read in named
    ]
    return _with_changes(
        Course(
            id=past.course_id,
            name=past.name,
            decks=tuple(done.deck for done in continued),
            pages=found.pages,
            media=media.used_by([note.item for done in continued for note in done.deck.notes], found.pages),
            problems=(
                *problems_of(past, found.pages, settings),
                *tracked.problems,
                *found.problems,
                *name_problems,
                *(problem for page in found.pages for problem in asking.problems_of(page)),
            ),
            lock=history.next_lock(continued, past.parent),
        ),
        past.lock,
        found.known,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identified:
    """Pages with the fingerprints of their items, and which notes of the lock these are."""

    read: tuple[ReadPage, ...]
    known: Reidentified
    problems: tuple[Problem, ...]

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(read.page for read in self.read)


def _identify(pages: Sequence[Page], past: Past, *, fuzzy: bool, skip_overlaps: bool) -> _Identified:
    identified = [identity.assign_guids(past.course_id, page.key, page.items, page.prepared) for page in pages]
    read = tuple(ReadPage(page=page, fingerprints=it.fingerprints) for page, it in zip(pages, identified, strict=True))
    known = reidentify(read, past.lock, fuzzy=fuzzy)
    left_out: tuple[Problem, ...] = ()
    if skip_overlaps:
        from ankiexport.thinning import leave_out_covered

        thinned = leave_out_covered(read, known)
        read, known, left_out = thinned.pages, thinned.known, thinned.problems
    own = (problem for it in identified for problem in it.problems)
    return _Identified(read=read, known=known, problems=(*own, *known_by_likeness(read, known), *left_out))


def _name_decks(
    found: _Identified, past: Past, settings: Config | None, *, accept_names: bool
) -> tuple[list[tuple[NamedPage, ReadPage]], list[Problem]]:
    """The pages that have a deck, with its name: the one that the lock pins, unless it may be another."""
    pages = found.pages
    pinned = {} if accept_names else pins(past.lock, found.known, pages)
    others = other_decks(past.lock, found.known, pages)
    named, problems = decks.name_decks(pages, past.parent, settings, pinned, others)
    by_key = {read.page.key: read for read in found.read}
    return [(it, by_key[it.page.key]) for it in named], problems


def _with_changes(course: Course, old: Lock, known: Reidentified) -> Course:
    scores = {match.note.guid: match.score for match in known.matches.values() if match.score is not None}
    assert course.lock
    read_keys = [deck.page_key for deck in course.decks]
    changes = changes_between(old, course.lock, read_keys, known.in_run, scores)
    alive = {known.old_key(key) for key in read_keys}
    return replace(course, changes=changes, diff=diff_of(changes), shrunk=shrunk(old, known.in_run, alive, changes))


def lint(
    pages: Iterable[Page], course: Course, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """What would make poor cards of the items of a course.

    Args:
        pages: What the course was built of; their `ankiexport.toml` may say which rules to ignore.
        select: The codes of rules, or what they begin with, to apply; else all that are not ignored.
        ignore: The codes not to apply.

    Raises:
        UsageError: there is no such rule.
    """
    from ankiexport import lint as linter  # with what only `check` needs

    settings = config_of([page.source for page in pages])
    codes = rules.chosen(select, ignore, settings.ignore if settings else ())
    return linter.lint(course, codes)


def write(
    course: Course,
    path: PathLike,
    *,
    printing: Printing | None = None,
    allow_shrink: bool = False,
    locked: bool = False,
    per_track: bool = False,
) -> Report:
    """Writes the lock of a course, if it has a file, and then the course; the suffix says to what kind of file.

    Args:
        printing: How the cards of a `.pdf` are laid out; else one card on a page of A4.
        allow_shrink: Write though many notes are gone.
        locked: Write only if the lock stays as it is.
        per_track: Write an `.apkg` for each track: beside `deck.apkg`, which gets the lessons without one,
            `deck-foundations.apkg` and so on. All of them are whole before any is where the last one was.

    Raises:
        ShrinkError: so many notes are gone that it looks like a mistake.
        StaleLockError: the lock would change though it must not.
        NoItemError: the course has no note.
        UsageError: the file's name; or `printing` for what is no `.pdf`; or the lock has changed since it was read.
        OutputError: a file could not be written. What was there is whole, as after the other errors.
    """
    path = Path(path)
    check_shrink(course, allow_shrink)
    if not course.notes:
        raise NoItemError(f"{course.name}: no question with an answer, so {path} is not written")
    if locked:
        check_locked(course)
    writer = find_writer(path, printing)
    with ExitStack() as all_files:
        for part_path, part in split_by_track(course, path) if per_track else [(path, course)]:
            writer(part, all_files.enter_context(replacing(part_path)))
        if course.lock:
            save_lock(course.lock)  # before the deck: a new lock with the old deck is made good by the next build
    return report_of(course.diff)


def check_shrink(course: Course, allow_shrink: bool) -> None:
    """Raises ShrinkError where so many notes are gone that it looks like a mistake."""
    if course.shrunk and not allow_shrink:
        raise ShrinkError(f"{course.shrunk}; nothing was written. If that is meant: --allow-shrink")


def check_locked(course: Course) -> None:
    """Raises StaleLockError where the lock is not what the pages make of it."""
    lock = course.lock
    if lock is None or lock.path is None or is_as_read(lock):
        return
    if lock.digest is None:
        raise StaleLockError(f"{lock.path}: is missing; build without --locked, and commit it with the pages")
    raise StaleLockError(f"{lock.path}: would change; build without --locked, and commit it with the pages")


def _download(url: str) -> bytes:
    from ankiexport.web.download import download_file

    return download_file(url)


def _configured(source: Source, settings: Config | None) -> Source:
    """A source with what `ankiexport.toml` says of how to read it."""
    if settings is None:
        return source
    said = settings.page(source.path)
    url = said.url if said and said.url else source.url
    return replace(source, url=url, selectors=settings.selectors_of(source.path) or source.selectors)


def _page(source: Source, reading: Reading, settings: Config | None, download: Download | None) -> Page:
    said = settings.page(source.path) if settings else None
    packed = media.pack([one.item for one in reading.prepared], source, reading.url or source.url, download)
    own_title = words.without_title_prefix(reading.title)
    stem = (source.path or Path(source.name)).stem
    page = Page(
        key=(said and said.key) or identity.slug(own_title) or identity.slug(stem) or "page",
        title=(said and said.title) or own_title or stem or "Practice",
        source=replace(source, format=reading.format),
        items=packed.items,
        problems=(*reading.problems, *packed.problems),
        traces=reading.traces,
        media=packed.files,
        url=reading.url or source.url,
        number=said.number if said else None,
        deck=said.deck if said else None,
        tags=said.tags if said else (),
        reverse=settings.asked(said, "reverse") if settings else (),
        typed=settings.asked(said, "typed") if settings else (),
        prepared=reading.prepared,
    )
    if not page.items:
        message = "this page is empty" if reading.is_blank else "no question with an answer on this page"
        page = replace(page, problems=(*page.problems, page_problem(source.name, "note", message, "no-item")))
    return page


def _in_order(pages: Sequence[Page], settings: Config | None) -> tuple[Page, ...]:
    """Listed lessons in their order, then the others as they came."""
    if settings is None:
        return tuple(pages)
    listed = [settings.page(page.source.path) for page in pages]
    after = len(settings.pages) + 1
    ordered = sorted(zip(listed, pages, strict=True), key=lambda pair: pair[0].place if pair[0] else after)
    return tuple(page for _, page in ordered)


def _now() -> int:
    """The time in seconds that new and changed notes carry; `SOURCE_DATE_EPOCH` overrules the clock."""
    now = int(time.time())
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return now
    if not epoch.isdecimal() or not epoch.isascii() or len(epoch) > len(str(now)) or int(epoch) > now + _DAY:
        raise UsageError(f"SOURCE_DATE_EPOCH is not a whole number of seconds up to now: {epoch!r}")
    return int(epoch)
