"""Pages as they were read → the text of an `ankiexport.toml` that tells of them what a build makes without it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ankiexport import config, markup
from ankiexport.decks import KEPT_NAME
from ankiexport.errors import UsageError
from ankiexport.files import replacing
from ankiexport.finding import home_of
from ankiexport.forms import give_keys, merge_pages, place_in
from ankiexport.lock import load_lock
from ankiexport.manifest import find_manifest
from ankiexport.model import Course, Page, Track, Tracks
from ankiexport.plan import Plan
from ankiexport.settings import FROM_PLACES
from ankiexport.source import find_pages
from ankiexport.telling import count
from ankiexport.template_files import fill_template
from ankiexport.tracks import assign_tracks, folder_below
from ankiexport.web import addresses

_LEAST_TRACKS = 2
_LESSONS_OF_A_TRACK = 2  # on average: where folders hold a lesson each, they are no tracks
_NO_GLOB = set("*?\\")  # signs in the name of a folder that a glob would read in its own way
_EMPTY = "No question with an answer, so no deck"
_OTHER_FORMS = "Other forms of these pages, or the same once more, which need no deck"
_NAMELESS = "Names that no TOML can hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """The text of an `ankiexport.toml`, the course that it describes, and how many lessons it gives a key."""

    text: str
    course: Course
    tracks: int
    told_apart: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A `[[page]]` table. `about` is its comment."""

    file: str
    about: str
    key: str | None = None
    is_told_apart: bool = False
    track: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tracked:
    """A `[[track]]` table. Without `globs`, its pages name it."""

    name: str
    about: str
    globs: tuple[str, ...] = ()


def check_new(paths: Sequence[str | Path]) -> None:
    """Raises UsageError where the pages have an `ankiexport.toml`; as `find_pages` does where there are none."""
    if url := next((path for path in map(str, paths) if addresses.is_web(path)), None):
        raise UsageError(f"{url}: init writes beside pages: ankiexport fetch saves them in a folder")
    for folder in {page.parent for page in find_pages(paths)}:
        if path := config.find_config(folder):
            config.load_config(path)
            raise UsageError(f"{path}: is there already; init writes the first one, and changes none")


def target_of(forms: Sequence[Page], output: Path | None) -> Path:
    """The file to write: `output`, or else the one that builds of these pages will find."""
    return output or (home_of([form.source for form in forms]) or Path()) / config.FILE_NAME


def check_target(target: Path, lock: Path | None) -> None:
    """Raises UsageError where something is there already, or builds with this file would not find the lock."""
    if os.path.lexists(target):
        raise UsageError(f"{target}: is there already; init changes no file")
    if lock and lock.exists() and lock.parent.resolve() != target.parent.resolve():
        raise UsageError(f"{target}: builds would not find {lock} from there; write beside it, or move it first")


def save(starter: Starter, target: Path) -> None:
    """Writes the text to its file. Raises OutputError."""
    with replacing(target) as temporary:
        temporary.write_text(starter.text, "utf-8", newline="\n")


def start(plan: Plan, home: Path) -> Starter:
    """What an `ankiexport.toml` in the folder `home` says of these pages, so that no note becomes another.

    Args:
        plan: Its pages are what `pipeline.read_forms` gave. Without a lock, folders or URLs that look like tracks are
            taken for them.

    Raises:
        UsageError: a page is no file; else see `pipeline.build`.
    """
    if any(form.source.path is None for form in plan.pages):
        raise UsageError("-: standard input has no name that a [[page]] could give; init wants files")
    known = load_lock(plan.lock) if plan.lock else None
    keyed = give_keys(plan.pages, home, known)
    pages = merge_pages(keyed, home)
    folder = home_of([page.source for page in pages]) or home
    tracks = plan.tracks or (None if known else _recognised(pages, folder))
    made = replace(plan, pages=pages, tracks=tracks).build()
    own_keys = {form.source.name: form.key for form in plan.pages}
    return _Writer(made, home, folder if tracks == "folders" else None, own_keys).starter(keyed)


def _recognised(pages: Sequence[Page], home: Path) -> Tracks | None:
    """What looks as if it told tracks: there are some, and they have lessons."""
    for tracks in FROM_PLACES:
        told = assign_tracks(pages, None, tracks, home).pages
        found = [page.track for page in told if page.items and page.track]
        if len(found) >= _LESSONS_OF_A_TRACK * len(set(found)) and len(set(found)) >= _LEAST_TRACKS:
            return tracks
    return None


class _Writer:
    """Writes of one course, seen from the folder `home`.

    `folder` is the one whose folders are tracks, if they are. `own_keys` are those that the pages have without a TOML,
    by their sources' names.
    """

    def __init__(self, course: Course, home: Path, folder: Path | None, own_keys: Mapping[str, str]) -> None:
        self._course = course
        self._home = home
        self._own_keys = own_keys
        self._decks = {deck.page_key: deck for deck in course.decks}
        self._lessons_of: dict[Track, list[Page]] = {}
        for page in course.pages:
            if page.track and page.key in self._decks:
                self._lessons_of.setdefault(page.track, []).append(page)
        self._globs = {track: self._globs_of(of_track, folder) for track, of_track in self._lessons_of.items()}

    def starter(self, forms: Sequence[Page]) -> Starter:
        shown = {page.source.name for page in self._course.pages}
        lessons = [page for page in self._course.pages if page.key in self._decks]
        others = [form for form in forms if form.source.name not in shown]
        apart = [form for form in others if self._is_told_apart(form) and not _stands_beside(form, lessons)]
        listed = [page for page in (*lessons, *apart) if _sayable(self._file(page))]
        left_out = {
            _EMPTY: [page for page in self._course.pages if page.key not in self._decks],
            _OTHER_FORMS: [form for form in others if form not in apart],
            _NAMELESS: [page for page in (*lessons, *apart) if not _sayable(self._file(page))],
        }
        text = fill_template(
            "starter.toml",
            quoted=_quoted,
            quoted_list=_quoted_list,
            course=self._course,
            keeps_names=self._course.is_locked and not self._lessons_of and not self._renames(),
            **_origin(lessons),
            tracks=[self._track(track, len(pages)) for track, pages in self._lessons_of.items()],
            pages=[self._lesson(page) for page in listed],
            left_out={why: [_comment(self._file(page)) for page in pages] for why, pages in left_out.items()},
        )
        told_apart = sum(map(self._is_told_apart, lessons))
        return Starter(text=text, course=self._course, tracks=len(self._lessons_of), told_apart=told_apart)

    def _renames(self) -> bool:
        """Has the lock other names of decks than the titles that the lessons have now?"""
        return any(problem.code == KEPT_NAME for problem in self._course.problems)

    def _track(self, track: Track, lessons: int) -> _Tracked:
        return _Tracked(name=track.title, about=count(lessons, "lesson"), globs=self._globs[track])

    def _lesson(self, page: Page) -> _Lesson:
        deck = self._decks[page.key]
        is_told_apart = self._is_told_apart(page)
        names_track = page.track is not None and not self._globs[page.track]
        return _Lesson(
            file=self._file(page),
            about=_comment(f"{count(len(deck.notes), 'note')}: {deck.title}"),
            key=page.key if is_told_apart else None,
            is_told_apart=is_told_apart,
            track=page.track.title if page.track and names_track else None,
        )

    def _is_told_apart(self, page: Page) -> bool:
        return page.key != self._own_keys[page.source.name]

    def _file(self, page: Page) -> str:
        assert page.source.path
        return place_in(self._home, page.source.path)

    def _globs_of(self, pages: Sequence[Page], folder: Path | None) -> tuple[str, ...]:
        """What matches the folders of a track; nothing where they are none, or a glob cannot say it."""
        if folder is None:
            return ()
        paths = (page.source.path for page in pages if page.source.path)
        names = dict.fromkeys(folder_below(path, folder.resolve()) for path in paths)
        places = [place_in(self._home, folder / name) for name in names if name]
        is_said = all(_sayable(place) and not _NO_GLOB & set(place) for place in places)
        return tuple(f"{place}/**" for place in places) if is_said else ()


def _stands_beside(form: Page, lessons: Sequence[Page]) -> bool:
    """Is what is said of a lesson said of this form of it too, for they differ by their suffix alone?"""
    return any(_stem(form) == _stem(page) for page in lessons if page.key == form.key)


def _stem(page: Page) -> Path:
    assert page.source.path
    return page.source.path.resolve().with_suffix("")


def _origin(lessons: Sequence[Page]) -> dict[str, str | None]:
    """The licence and the URL of pages that were fetched, where all have one."""
    found = [(path, find_manifest(path)) for page in lessons if (path := page.source.path)]
    saved = [manifest.page_at(path) if manifest else None for path, manifest in found]
    licences = {page.licence if page else None for page in saved}
    starts = {manifest.starts if manifest else () for _, manifest in found}
    urls = next(iter(starts)) if len(starts) == 1 else ()
    return {"licence": licences.pop() if len(licences) == 1 else None, "url": urls[0] if len(urls) == 1 else None}


def _comment(text: str) -> str:
    """Text on one line, as a comment of TOML may hold it."""
    return markup.fold(text).replace("\x7f", " ").encode("utf-8", "replace").decode("utf-8")


def _sayable(text: str) -> bool:
    """Is this Unicode? The system gives other bytes in a name as lone surrogates."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def _quoted(text: str) -> str:
    """A text as a string of TOML."""
    import tomli_w

    return tomli_w.dumps({"it": text}).removeprefix("it = ").rstrip("\n")


def _quoted_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
