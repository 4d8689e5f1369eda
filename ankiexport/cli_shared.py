"""What the verbs of the command share: the arguments that name pages and a lock, exit statuses, printing."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from ankiexport.errors import AnkiExportError, UsageError
from ankiexport.model import FETCHING, FORMATS, TRACKS, Course, Format, Page, Problem, Tracks
from ankiexport.progress import Progress, Watch, unwatched
from ankiexport.telling import count
from ankiexport.web import addresses
from ankiexport.web.manners import Fetching, Manners

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from ankiexport.plan import Plan

_P = ParamSpec("_P")
_PATIENCE = 0.5  # seconds without a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say of the pages and of their lock. Raises UsageError where two of them exclude each other."""

    paths: Sequence[str]
    course: str | None = None
    page_format: Format | None = None
    title: str | None = None
    lock: Path | None = None
    no_lock: bool = False
    no_fuzzy: bool = False
    download_media: bool = False
    skip_overlaps: bool = False
    tracks: Tracks | None = None
    match: Sequence[str] = ()
    limit: int | None = None
    pause: float | None = None
    jobs: int | None = None
    verbose: bool = False
    quiet: bool = False
    page_alone: bool = False  # of a site, the page that is given and none below it

    def __post_init__(self) -> None:
        if self.no_lock and self.lock:
            raise UsageError("--lock names a lock and --no-lock wants none: give one of them")
        check_loudness(self.verbose, self.quiet)

    @property
    def fetching(self) -> Fetching:
        """Which pages of the sites among the paths are wanted. Raises UsageError where there is no site."""
        if self.page_alone:
            return Fetching(alone=True)
        if not any(map(addresses.is_web, self.paths)) and (self.match or self.limit or self.pause is not None):
            raise UsageError("--match, --limit and --pause speak of pages on the web: give a URL")
        return fetching_of(self.match, self.limit, self.pause, media=self.download_media)


def check_loudness(verbose: bool, quiet: bool) -> None:
    if verbose and quiet:
        raise UsageError("-v tells more and -q less: give one of them")


def fetching_of(match: Sequence[str], limit: int | None, pause: float | None, *, media: bool) -> Fetching:
    """What the options say of fetching, and for the rest what is usual."""
    usual = Fetching()
    manners = usual.manners if pause is None else Manners(pause=pause)
    return Fetching(match=tuple(match), limit=limit or usual.limit, media=media, manners=manners)


def given_fetching(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which pages of a site are wanted, and how politely they are asked for."""
    for option in (
        click.option(
            "--pause",
            type=click.FloatRange(min=0),
            metavar="SECONDS",
            help="Between two requests to a site; default: 0.2, or as robots.txt asks.",
        ),
        click.option(
            "--limit",
            type=click.IntRange(min=1),
            metavar="PAGES",
            help="Ask a site for no more pages; default: 5000.",
        ),
        click.option(
            "--match",
            metavar="GLOB",
            multiple=True,
            help="Of the pages below a URL, only those whose address or path matches: '*/practice/'.",
        ),
    ):
        command = option(command)
    return command


def given_pages(required: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The arguments by which a verb is told its pages and their lock; the command gets them as one `Given`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**arguments: Any) -> None:
            own = {field.name: arguments.pop(field.name) for field in fields(Given) if field.name in arguments}
            command(Given(**own), **arguments)

        path = click.Path(path_type=Path, dir_okay=False)
        for option in (
            click.option("-q", "--quiet", is_flag=True, help="Tell errors and warnings only."),
            click.option("-v", "--verbose", is_flag=True, help="Tell each page that is read."),
            click.option(
                "--jobs",
                type=click.IntRange(min=1),
                metavar="N",
                help="How many processes read pages; default: one for each core.",
            ),
            click.option("--download-media", is_flag=True, help="Take pictures and sound from the web into the deck."),
            click.option(
                "--skip-overlaps",
                is_flag=True,
                help="Leave out an item if another asks and answers the same.",
            ),
            click.option(
                "--tracks",
                type=click.Choice(TRACKS),
                metavar="|".join(TRACKS),
                help="What tells tracks, which make decks Course::Track::Lesson; default: ankiexport.toml alone.",
            ),
            click.option("--no-fuzzy", is_flag=True, help="Let likeness alone never tell which note a question was."),
            click.option("--no-lock", is_flag=True, help="Keep no lock: a reworded question becomes a new note."),
            click.option("--lock", type=path, help="The lock; default: ankiexport.lock beside the pages."),
            click.option("--title", help="The title of the page on standard input."),
            click.option(
                "--format",
                "page_format",
                metavar="FORMAT",
                help=f"The format of standard input: {', '.join(FORMATS)}, or that of an installed reader.",
            ),
            click.option("--course", metavar="NAME", help="The name of the course and of the parent deck."),
            click.argument("paths", nargs=-1, required=required, metavar="PATHS..." if required else "[PATHS]..."),
        ):
            run = option(run)
        return given_fetching(run)

    return decorate


def exits(command: Callable[_P, None]) -> Callable[_P, None]:
    """An error of ours becomes one line on stderr and its exit status."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except AnkiExportError as error:
            click.echo(f"ankiexport: {error}", err=True)
            sys.exit(error.exit_status)
        except BrokenPipeError:
            raise  # click knows what to do when nobody reads on
        except OSError as error:
            sys.stdout = None  # or Python would try to flush it again
            click.echo(f"ankiexport: standard output: {error.strerror or error}", err=True)
            sys.exit(5)
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)

    return run


def read_plan(given: Given, *, keeps: bool = False, traces: bool = False, forms: bool = False) -> "Plan":
    """The pages that are given, and how to build them. The lock is where it is or belongs; None where none is wanted.

    Args:
        keeps: Whether the cache beside the lock is written.
        traces: Whether to tell what became of each reveal, which no cache knows.
        forms: Whether all forms of a page are wanted, and pages of one key.
    """
    from ankiexport import cache, pipeline, workers
    from ankiexport.finding import find_lock, find_sources
    from ankiexport.plan import Plan
    from ankiexport.source import load_stdin

    if "-" not in given.paths and (given.page_format or given.title):
        raise UsageError("--format and --title speak of the page on standard input: give - as a path")
    unique = dict.fromkeys(given.paths)
    entries = [load_stdin(given.page_format, given.title) if path == "-" else path for path in unique]
    with watching("fetching", verbose=given.verbose, quiet=given.quiet) as watch:
        sources = find_sources(entries, fetching=given.fetching, watch=watch)
    lock = None if given.no_lock else given.lock or find_lock(sources)
    if lock and keeps:
        click.get_current_context().call_on_close(lambda: cache.forget_without(lock))
    with watching("reading", counted="note", verbose=given.verbose, quiet=given.quiet) as watch:
        pages = pipeline.read_forms(
            sources,
            download_media=given.download_media,
            traces=traces,
            cache=lock.parent / cache.FOLDER_NAME if lock and not traces else None,
            keeps=keeps,
            jobs=given.jobs or workers.cores(),
            watch=watch,
        )
    return Plan(
        pages=pages if forms else pipeline.merge_forms(pages),
        course=given.course,
        lock=lock,
        fuzzy=not given.no_fuzzy,
        skip_overlaps=given.skip_overlaps,
        tracks=given.tracks,
    )


@contextmanager
def watching(doing: str, *, counted: str = "", verbose: bool, quiet: bool) -> Iterator[Watch]:
    """Shows how far a piece of work is, on stderr: a bar on a terminal, a line for each page where more is wanted.

    `counted` is what the work finds in the pages.
    """
    if verbose:
        yield lambda done: click.echo(f"{done.last}: {done.how or doing}", err=True)
    elif quiet or sys.stderr is None or not sys.stderr.isatty():  # None: it is closed
        yield unwatched
    else:
        with _Bar(doing, counted) as bar:
            yield bar.show


class _Bar:
    """A bar that appears when there is something to wait for."""

    def __init__(self, doing: str, counted: str) -> None:
        self._doing = doing
        self._counted = counted
        self._begun = time.monotonic()
        self._bar: ProgressBar[int] | None = None
        self._found = 0

    def show(self, progress: Progress) -> None:
        self._found = progress.found
        if self._bar is None and time.monotonic() - self._begun > _PATIENCE and progress.done < progress.total:
            self._bar = click.progressbar(
                length=progress.total,
                label=self._doing,
                file=sys.stderr,
                show_pos=True,
                item_show_func=(lambda _: count(self._found, self._counted)) if self._counted else None,
            )
            self._bar.render_progress()
        if self._bar is not None:
            self._bar.length = progress.total  # a crawl finds more as it goes
            self._bar.update(progress.done - self._bar.pos, progress.done)

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()


def print_json(record: Mapping[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def print_problems(given: Given, problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.severity != "note" or not given.quiet:
            click.echo(str(problem), err=True)


def print_fetching(given: Given, course: Course) -> None:
    """What went wrong on the web, for verbs that tell of no other problem of a page."""
    print_problems(given, (it for it in course.all_problems if it.code == FETCHING and it.severity != "note"))


def tell(given: Given, text: str) -> None:
    """Says on stderr what has been done, unless nobody wants to hear it."""
    if not given.quiet:
        click.echo(text, err=True)


def nothing_found(pages: Sequence[Page], paths: Sequence[str]) -> str:
    if not pages:
        return f"{paths[0]}: no pages there (a page ends in .txt, .html, .md, .mdx, .qmd, .Rmd or .gift)"
    return f"{pages[0].source.name}: no question with an answer was found"
