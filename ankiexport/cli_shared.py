"""What the verbs of the command share: the arguments that name pages and a lock, exit statuses, printing."""

import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypedDict

import click

from ankiexport.errors import AnkiExportError, UsageError
from ankiexport.model import FORMATS, TRACKS, Course, Format, Page, Problem, Source, Tracks

_P = ParamSpec("_P")


class How(TypedDict):
    """What `pipeline.build` is told of the way to build."""

    fuzzy: bool
    skip_overlaps: bool
    tracks: Tracks | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say of the pages and of their lock."""

    paths: Sequence[str]
    course: str | None
    page_format: Format | None
    title: str | None
    lock: Path | None
    no_lock: bool
    no_fuzzy: bool
    download_media: bool
    skip_overlaps: bool
    tracks: Tracks | None = None

    @property
    def how(self) -> How:
        return {"fuzzy": not self.no_fuzzy, "skip_overlaps": self.skip_overlaps, "tracks": self.tracks}


def given_pages(required: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The arguments by which a verb is told its pages and their lock; the command gets them as one `Given`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**arguments: Any) -> None:
            own = {field.name: arguments.pop(field.name) for field in fields(Given)}
            if own["no_lock"] and own["lock"]:
                raise UsageError("--lock names a lock and --no-lock wants none: give one of them")
            command(Given(**own), **arguments)

        path = click.Path(path_type=Path, dir_okay=False)
        for option in (
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
        return run

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


def read_pages(given: Given) -> tuple[Page, ...]:
    from ankiexport import pipeline

    return pipeline.read(given_sources(given), download_media=given.download_media)


def given_sources(given: Given) -> list[str | Source]:
    """The paths, and the page on standard input where `-` is one of them."""
    from ankiexport.source import load_stdin

    if "-" not in given.paths and (given.page_format or given.title):
        raise UsageError("--format and --title speak of the page on standard input: give - as a path")
    unique = dict.fromkeys(given.paths)
    return [load_stdin(given.page_format, given.title) if path == "-" else path for path in unique]


def lock_of(given: Given, pages: Sequence[Page]) -> Path | None:
    from ankiexport import pipeline

    return None if given.no_lock else given.lock or pipeline.find_lock(pages)


def build_course(given: Given) -> tuple[tuple[Page, ...], Course]:
    from ankiexport import pipeline

    pages = read_pages(given)
    made = pipeline.build(
        pages,
        given.course,
        lock_of(given, pages),
        **given.how,
    )
    return pages, made


def print_json(record: Mapping[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def print_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def nothing_found(pages: Sequence[Page], paths: Sequence[str]) -> str:
    if not pages:
        return f"{paths[0]}: no pages there (a page ends in .txt, .html, .md, .mdx, .qmd, .Rmd or .gift)"
    return f"{pages[0].source.name}: no question with an answer was found"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
