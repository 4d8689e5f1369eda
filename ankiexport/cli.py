"""The command: parses, makes one call into the pipeline, prints. No logic."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import ParamSpec, get_args

import click

from ankiexport import __version__
from ankiexport.errors import AnkiExportError, NoItemError, UsageError
from ankiexport.model import Course, Format, Kind, Page, Problem, Source

_P = ParamSpec("_P")
_KINDS: tuple[Kind, ...] = get_args(Kind)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ankiexport")
def main() -> None:
    """Turn a course's practice pages into an Anki deck, one subdeck per lesson.

    \b
    ankiexport build lessons/              one deck file from a folder of pages
    ankiexport list lessons/               what would be in it
    ankiexport check lessons/              what was not understood, line by line

    Pages are text dumps, saved HTML, Markdown or MDX. An ankiexport.toml beside them may name the course and order
    its lessons.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP, and it stays ignored
                signal.signal(number, _stop)  # so that a temporary file goes with the run


def _stop(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _page_options(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments by which every verb is told its pages."""
    for decorate in (
        click.option("--title", help="The title of the page on standard input."),
        click.option(
            "--format", "page_format", type=click.Choice(get_args(Format)), help="The format of standard input."
        ),
        click.option("--course", metavar="NAME", help="The name of the course and of the parent deck."),
        click.argument("paths", nargs=-1, required=True, metavar="PATHS..."),
    ):
        command = decorate(command)
    return command


def _exits(command: Callable[_P, None]) -> Callable[_P, None]:
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


@main.command()
@_page_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: <course id>.apkg.")
@_exits
def build(
    paths: Sequence[str], course: str | None, page_format: Format | None, title: str | None, output: Path | None
) -> None:
    """Write an Anki deck of the questions on these pages.

    PATHS are pages (.txt, .html, .md, .mdx), folders of pages, globs, or - for standard input. Import the file into
    Anki with File > Import. What was not understood on a page is told on stderr.
    """
    from ankiexport import pipeline
    from ankiexport.writers import find_writer

    if output:
        find_writer(output)
    pages, made = _build(paths, course, page_format, title)
    _print_problems(_all_problems(pages, made))
    if not made.notes:
        raise NoItemError(_nothing_found(pages, paths))
    output = output or Path(f"{made.id}.apkg")
    pipeline.write(made, output)
    click.echo(f"{output}: {_count(len(made.notes), 'note')} in {_count(len(made.decks), 'deck')}", err=True)


@main.command("list")
@_page_options
@click.option("--json", "as_json", is_flag=True, help="Everything found, as one JSON object.")
@_exits
def list_items(
    paths: Sequence[str], course: str | None, page_format: Format | None, title: str | None, as_json: bool
) -> None:
    """Show what is on these pages, writing nothing.

    Prints a table of lessons by kinds; with --json every item with its question, answer and GUID.
    """
    pages, made = _build(paths, course, page_format, title)
    if as_json:
        from ankiexport.writers.json import listing

        click.echo(json.dumps(listing(made, pages), ensure_ascii=False, indent=2))
    else:
        _print_table(made, pages)
    if not made.notes:
        raise NoItemError(_nothing_found(pages, paths))


@main.command()
@_page_options
@click.option("--strict", is_flag=True, help="Notes fail the check too, not only errors and warnings.")
@_exits
def check(
    paths: Sequence[str], course: str | None, page_format: Format | None, title: str | None, strict: bool
) -> None:
    """Say what was not understood on these pages, as path:line: message.

    Exit status 1 says that there is an error or a warning.
    """
    pages, made = _build(paths, course, page_format, title)
    problems = _all_problems(pages, made)
    for problem in problems:
        click.echo(str(problem))
    counts = ", ".join(_count(sum(p.severity == s for p in problems), s) for s in ("error", "warning", "note"))
    click.echo(f"{_count(len(pages), 'page')}, {_count(len(made.notes), 'item')}: {counts}", err=True)
    if not made.notes:
        raise NoItemError(_nothing_found(pages, paths))
    if any(strict or problem.severity != "note" for problem in problems):
        sys.exit(1)


def _build(
    paths: Sequence[str], course: str | None, page_format: Format | None, title: str | None
) -> tuple[tuple[Page, ...], Course]:
    from ankiexport import pipeline
    from ankiexport.source import load_stdin

    if "-" not in paths and (page_format or title):
        raise UsageError("--format and --title speak of the page on standard input: give - as a path")
    unique = dict.fromkeys(paths)
    entries: list[str | Source] = [load_stdin(page_format, title) if path == "-" else path for path in unique]
    pages = pipeline.read(entries)
    return pages, pipeline.build(pages, course=course)


def _all_problems(pages: Sequence[Page], course: Course) -> list[Problem]:
    """Page by page, each with what the build found out about it; first what concerns the whole course."""
    names = {page.source.name for page in pages}
    problems = [problem for problem in course.problems if problem.location.source not in names]
    for page in pages:
        problems.extend(course.problems_of(page))
    return problems


def _print_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _nothing_found(pages: Sequence[Page], paths: Sequence[str]) -> str:
    if not pages:
        return f"{paths[0]}: no pages there (a page ends in .txt, .html, .md or .mdx)"
    return f"{pages[0].source.name}: no question with an answer was found"


def _print_table(course: Course, pages: Sequence[Page]) -> None:
    """A line per lesson, a column per kind, and a sum."""
    rows: list[tuple[str, ...]] = [("lesson", *_KINDS, "all")]
    decks = {deck.page_key: deck for deck in course.decks}
    for page in pages:
        notes = decks[page.key].notes if page.key in decks else ()
        counts = [sum(note.item.kind == kind for note in notes) for kind in _KINDS]
        rows.append((page.title, *map(str, counts), str(len(notes))))
    sums = [sum(note.item.kind == kind for note in course.notes) for kind in _KINDS]
    rows.append((course.name, *map(str, sums), str(len(course.notes))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
