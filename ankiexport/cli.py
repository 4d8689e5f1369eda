"""The command: parses, makes one call into the pipeline, prints. No logic."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, ParamSpec, get_args

import click

from ankiexport import __version__, rules
from ankiexport.errors import AnkiExportError, NoItemError, UsageError
from ankiexport.model import KINDS, Course, Format, Page, Problem, Report

if TYPE_CHECKING:
    from ankiexport.verify import Outcome

_P = ParamSpec("_P")
_RULE_TABLE = "\n".join(["\b", "Rules of the linter:", *(f"  {code}  {found}" for code, found in rules.RULES.items())])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
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

    @property
    def how(self) -> dict[str, bool]:
        """What `pipeline.build` is told of the way to build."""
        return {"fuzzy": not self.no_fuzzy, "skip_overlaps": self.skip_overlaps}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ankiexport")
def main() -> None:
    """Turn a course's practice pages into an Anki deck, one subdeck per lesson.

    \b
    ankiexport build lessons/              one deck file from a folder of pages
    ankiexport list lessons/               what would be in it
    ankiexport check lessons/              what was not understood, line by line
    ankiexport diff lessons/               what changed since the last build

    Pages are text dumps, saved HTML, Markdown or MDX. An ankiexport.toml beside them may name the course and order
    its lessons. The first build leaves an ankiexport.lock beside them: keep it, so that reworded questions stay the
    notes that learners know.
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


def _given_pages(required: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The arguments by which a verb is told its pages and their lock; the command gets them as one `_Given`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**arguments: Any) -> None:
            own = {field.name: arguments.pop(field.name) for field in fields(_Given)}
            if own["no_lock"] and own["lock"]:
                raise UsageError("--lock names a lock and --no-lock wants none: give one of them")
            command(_Given(**own), **arguments)

        path = click.Path(path_type=Path, dir_okay=False)
        for option in (
            click.option("--download-media", is_flag=True, help="Take pictures and sound from the web into the deck."),
            click.option(
                "--skip-overlaps",
                is_flag=True,
                help="Leave out an item if another asks and answers the same.",
            ),
            click.option("--no-fuzzy", is_flag=True, help="Let likeness alone never tell which note a question was."),
            click.option("--no-lock", is_flag=True, help="Keep no lock: a reworded question becomes a new note."),
            click.option("--lock", type=path, help="The lock; default: ankiexport.lock beside the pages."),
            click.option("--title", help="The title of the page on standard input."),
            click.option(
                "--format", "page_format", type=click.Choice(get_args(Format)), help="The format of standard input."
            ),
            click.option("--course", metavar="NAME", help="The name of the course and of the parent deck."),
            click.argument("paths", nargs=-1, required=required, metavar="PATHS..." if required else "[PATHS]..."),
        ):
            run = option(run)
        return run

    return decorate


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
@_exits
@_given_pages()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: <course id>.apkg.")
@click.option("--allow-shrink", is_flag=True, help="Build though many notes are gone from their pages.")
@click.option("--locked", is_flag=True, help="Fail if the lock would change: it is committed with the pages.")
def build(given: _Given, output: Path | None, allow_shrink: bool, locked: bool) -> None:
    """Write an Anki deck of the questions on these pages.

    PATHS are pages (.txt, .html, .md, .mdx), folders of pages, globs, or - for standard input. Import the file into
    Anki with File > Import. What was not understood on a page is told on stderr.

    ankiexport.lock remembers which question is which note. Keep it: then questions may be reworded, moved and
    reordered, and learners keep their history.
    """
    from ankiexport import exporting

    if locked and given.no_lock:
        raise UsageError("--locked wants a lock and --no-lock wants none: give one of them")
    pages = _read(given)
    lock = _lock_of(given, pages)
    is_first = lock is not None and not os.path.exists(lock)  # noqa: PTH110  # never raises

    def tell(made: Course) -> None:
        _print_problems(_all_problems(pages, made))
        if not made.notes and not made.shrunk:
            raise NoItemError(_nothing_found(pages, given.paths))

    made, output, report = exporting.export(
        pages,
        given.course,
        lock,
        output,
        tell,
        **given.how,
        allow_shrink=allow_shrink,
        locked=locked,
    )
    if is_first:
        click.echo(f"{lock}: new; it knows which question is which note: keep it with the pages", err=True)
    where = f"{output}: {_count(len(made.notes), 'note')} in {_count(len(made.decks), 'deck')}"
    click.echo(f"{where}: {_counts(report)}", err=True)


@main.command("list")
@_exits
@_given_pages()
@click.option("--json", "as_json", is_flag=True, help="Everything found, as one JSON object.")
def list_items(given: _Given, as_json: bool) -> None:
    """Show what is on these pages, writing nothing.

    Prints a table of lessons by kinds; with --json every item with its question, answer and GUID.
    """
    pages, made = _build(given)
    if as_json:
        from ankiexport.writers.json import listing

        _print_json(listing(made, pages))
    else:
        _print_table(made, pages)
    if not made.notes:
        raise NoItemError(_nothing_found(pages, given.paths))


@main.command(epilog=_RULE_TABLE)
@_exits
@_given_pages()
@click.option("--strict", is_flag=True, help="Notes fail the check too, not only errors and warnings.")
@click.option("--select", metavar="CODES", multiple=True, help="Only these rules of the linter: L001,L004, or L00.")
@click.option("--ignore", metavar="CODES", multiple=True, help="Not these rules of the linter.")
def check(given: _Given, strict: bool, select: Sequence[str], ignore: Sequence[str]) -> None:
    """Say what was not understood and what makes poor cards, line by line.

    Prints path:line: message. Exit status 1 says that there is an error or a warning. What makes poor cards is told as
    notes that begin with the code of a rule; docs/linting.md has an example of each. [course] ignore = ["L002"] in
    ankiexport.toml switches a rule off for good.
    """
    from ankiexport import pipeline

    rules.chosen(select, ignore, ())  # before the pages are read: a wrong code is told at once
    pages, made = _build(given)
    poor = pipeline.lint(pages, made, select, ignore)
    problems = _all_problems(pages, replace(made, problems=(*made.problems, *poor)))
    for problem in problems:
        click.echo(str(problem))
    counts = ", ".join(_count(sum(p.severity == s for p in problems), s) for s in ("error", "warning", "note"))
    click.echo(f"{_count(len(pages), 'page')}, {_count(len(made.notes), 'item')}: {counts}", err=True)
    if not made.notes:
        raise NoItemError(_nothing_found(pages, given.paths))
    if any(strict or problem.severity != "note" for problem in problems):
        sys.exit(1)


@main.command()
@_exits
@_given_pages()
@click.option("--against", type=click.Path(path_type=Path), metavar="DECK", help="An older .apkg instead of the lock.")
@click.option("--json", "as_json", is_flag=True, help="Every note and what happened to it, as one JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="For a pull request or a learners' changelog.")
def diff(given: _Given, against: Path | None, as_json: bool, as_markdown: bool) -> None:
    """Show what changed since the last build, writing nothing.

    Compares with the lock, or with an older deck. For notes that are gone or in another deck it prints the search
    that selects them in Anki's browser. Exit status 1 says that there is a difference.
    """
    from ankiexport import exporting, telling

    if as_json and as_markdown:
        raise UsageError("--json and --markdown are two forms of one thing: give one of them")
    pages = _read(given)
    made = exporting.compare(
        pages,
        given.course,
        _lock_of(given, pages),
        against,
        **given.how,
    )
    if not made.changes:
        raise NoItemError(_nothing_found(pages, given.paths))
    _print_problems(problem for problem in made.problems if problem.severity != "note")
    if as_json:
        _print_json(telling.as_json(made))
    else:
        for line in telling.as_markdown(made) if as_markdown else telling.as_text(made):
            click.echo(line)
    if any(change.kind != "unchanged" for change in made.changes):
        sys.exit(1)


@main.command()
@_exits
@_given_pages(required=False)
@click.option(
    "--from", "deck", type=click.Path(path_type=Path), metavar="DECK", help="Rebuild a lost lock from a deck."
)
@click.option("--accept-names", is_flag=True, help="Let decks take the names that their lessons have now.")
@click.option("--allow-shrink", is_flag=True, help="Go on though many notes are gone from their pages.")
def lock(given: _Given, deck: Path | None, accept_names: bool, allow_shrink: bool) -> None:
    """Bring the lock up to date with these pages, writing no deck.

    A deck keeps its name when its lesson gets another title or number, since Anki never moves cards; --accept-names
    takes the new names. With --from, a lock that was lost is rebuilt from the last deck.
    """
    from ankiexport import exporting, telling
    from ankiexport.lock import FILE_NAME

    if not given.paths and not deck:
        raise UsageError("give the pages, or --from DECK")
    if given.no_lock:
        raise UsageError("lock writes a lock: --no-lock makes no sense here")
    if not given.paths:
        _recover(deck, given.lock or Path(FILE_NAME))
        return
    pages = _read(given)
    made = exporting.update_lock(
        pages,
        given.course,
        _lock_of(given, pages) or Path(FILE_NAME),
        deck,
        lambda made: _print_problems(_all_problems(pages, made)),
        **given.how,
        accept_names=accept_names,
        allow_shrink=allow_shrink,
    )
    for line in telling.renamed_decks(made):
        click.echo(line, err=True)
    click.echo(f"{made.lock.path if made.lock else ''}: {telling.summary(made)}", err=True)
    if deck:
        click.echo(f"notes that had left their pages are not in {deck}, so they are not in the lock", err=True)


def _recover(deck: Path | None, path: Path) -> None:
    """Makes a lock from a deck alone."""
    from ankiexport import exporting

    assert deck
    made = exporting.recover_lock(deck, path)
    notes = _count(sum(len(page.notes) for page in made.pages), "note")
    about = f"{notes} on {_count(len(made.pages), 'page')} of the course {made.course_id!r}; keep it with the pages"
    click.echo(f"{path}: {about}; notes that had left their pages are not in {deck}, so not here either", err=True)


@main.command()
@_exits
@click.argument("deck", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), metavar="OLD", help="The deck that learners have now.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def verify(deck: Path, against: Path | None, as_json: bool) -> None:
    """Try a deck in Anki's own importer, with no collection of yours.

    With --against, the old deck is imported and studied before, to see that scheduling and review log stay. Exit
    status 1 says that a learner would lose something. Needs: pip install 'ankiexport[verify]'
    """
    from dataclasses import asdict

    from ankiexport.verify import verify as verify_deck

    outcome = verify_deck(deck, against)
    if as_json:
        _print_json(asdict(outcome))
    else:
        _print_outcome(outcome, deck, against)
    if outcome.losses:
        sys.exit(1)


def _print_outcome(outcome: "Outcome", deck: Path, against: Path | None) -> None:
    imports = [(f"{deck} in an empty collection", outcome.imported)]
    if outcome.over_old:
        imports.append((f"{deck} over {against}", outcome.over_old))
    for what, it in imports:
        found = f"{it.new} new, {it.updated} updated, {it.unchanged} unchanged, {it.conflicting} conflicting"
        click.echo(f"{what}: {found}")
    click.echo(f"{_count(outcome.cards, 'card')} in {_count(len(outcome.decks), 'deck')} then:")
    for name, count in outcome.decks.items():
        click.echo(f"  {name}: {count}")
    for loss in outcome.losses:
        click.echo(f"lost: {loss}")
    if outcome.over_old:
        stayed = "stayed as they were" if outcome.progress_stayed else "are not what they were"
        click.echo(f"{_count(outcome.studied, 'card')} studied before: scheduling and review log {stayed}")


def _read(given: _Given) -> tuple[Page, ...]:
    from ankiexport import pipeline
    from ankiexport.source import load_stdin

    if "-" not in given.paths and (given.page_format or given.title):
        raise UsageError("--format and --title speak of the page on standard input: give - as a path")
    unique = dict.fromkeys(given.paths)
    return pipeline.read(
        [load_stdin(given.page_format, given.title) if path == "-" else path for path in unique],
        download_media=given.download_media,
    )


def _lock_of(given: _Given, pages: Sequence[Page]) -> Path | None:
    from ankiexport import pipeline

    return None if given.no_lock else given.lock or pipeline.find_lock(pages)


def _build(given: _Given) -> tuple[tuple[Page, ...], Course]:
    from ankiexport import pipeline

    pages = _read(given)
    made = pipeline.build(
        pages,
        given.course,
        _lock_of(given, pages),
        **given.how,
    )
    return pages, made


def _counts(report: Report) -> str:
    """`3 changed, 1 new, 2 retired, 44 unchanged`"""
    counts = {name: getattr(report, name) for name in ("changed", "moved", "new", "retired", "unchanged")}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _print_json(record: Mapping[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


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
    rows: list[tuple[str, ...]] = [("lesson", *KINDS, "all")]
    decks = {deck.page_key: deck for deck in course.decks}
    for page in pages:
        notes = decks[page.key].notes if page.key in decks else ()
        counts = [sum(note.item.kind == kind for note in notes) for kind in KINDS]
        rows.append((page.title, *map(str, counts), str(len(notes))))
    sums = [sum(note.item.kind == kind for note in course.notes) for kind in KINDS]
    rows.append((course.name, *map(str, sums), str(len(course.notes))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
