"""The command: parses, makes one call into the pipeline, prints. No logic."""

import gc
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from ankiexport import __version__
from ankiexport.cli_check import check, explain
from ankiexport.cli_fetch import fetch
from ankiexport.cli_init import init
from ankiexport.cli_preview import given_printing, preview
from ankiexport.cli_shared import (
    Given,
    exits,
    given_pages,
    nothing_found,
    print_fetching,
    print_json,
    print_problems,
    read_plan,
    tell,
)
from ankiexport.cli_verify import verify
from ankiexport.errors import NoItemError, UsageError
from ankiexport.model import KINDS, Course, Printing, Report, title_in_course
from ankiexport.telling import count, size

_COLLECTED_AFTER = 50_000
"""Objects. Hardly any are garbage in circles: to look for it as often as Python does takes a build 5 % longer."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ankiexport")
def main() -> None:
    """Turn a course's practice pages into an Anki deck, one subdeck per lesson.

    \b
    ankiexport build lessons/              one deck file from a folder of pages
    ankiexport list lessons/               what would be in it
    ankiexport check lessons/              what was not understood, line by line
    ankiexport explain lessons/one.md:12   what was seen at a line
    ankiexport preview lessons/ --open     every card as Anki will show it
    ankiexport diff lessons/               what changed since the last build
    ankiexport fetch https://example.org/  the pages of a site, into a folder
    ankiexport init lessons/               an ankiexport.toml to name the course and order its lessons

    Pages are text dumps, saved HTML, Markdown or MDX, also on the web. An ankiexport.toml beside them may name the
    course and order its lessons. The first build leaves an ankiexport.lock beside them: keep it, so that reworded
    questions stay the notes that learners know.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    gc.set_threshold(_COLLECTED_AFTER)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP, and it stays ignored
                signal.signal(number, _stop)  # so that a temporary file goes with the run


def _stop(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


main.add_command(check)
main.add_command(explain)
main.add_command(fetch)
main.add_command(init)
main.add_command(preview)
main.add_command(verify)


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write; its suffix says what: .apkg, .html, .pdf, .csv, .tsv, .json. Default: <course id>.apkg.",
)
@exits
@given_pages()
@given_printing
@click.option("--allow-shrink", is_flag=True, help="Build though many notes are gone from their pages.")
@click.option("--locked", is_flag=True, help="Fail if the lock would change: it is committed with the pages.")
@click.option("--per-track", is_flag=True, help="A file for each track beside OUTPUT: course-foundations.apkg, …")
def build(
    given: Given, output: Path | None, printing: Printing | None, allow_shrink: bool, locked: bool, per_track: bool
) -> None:
    """Write an Anki deck of the questions on these pages.

    PATHS are pages (text, HTML, Markdown, MDX, quiz files), folders of them, globs, URLs, or - for standard input.
    Import the file into Anki with File > Import. What was not understood on a page is told on stderr.

    ankiexport.lock remembers which question is which note. Keep it: then questions may be reworded, moved and
    reordered, and learners keep their history.
    """
    from ankiexport import exporting

    if locked and given.no_lock:
        raise UsageError("--locked wants a lock and --no-lock wants none: give one of them")
    plan = read_plan(given, keeps=True)
    is_first = plan.lock is not None and not os.path.exists(plan.lock)  # noqa: PTH110  # never raises

    def tell_problems(made: Course) -> None:
        print_problems(given, made.all_problems)
        if not made.notes and not made.shrunk:
            raise NoItemError(nothing_found(plan.pages, given.paths))

    made, output, report = exporting.export(
        plan,
        output,
        tell_problems,
        printing=printing,
        allow_shrink=allow_shrink,
        locked=locked,
        per_track=per_track,
    )
    if is_first:
        tell(given, f"{plan.lock}: new; it knows which question is which note: keep it with the pages")
    if per_track:
        from ankiexport.parts import split_by_track

        parts = split_by_track(made, output)
        for path, part in parts:
            tell(given, f"{path}: {size(part)}")
    where = count(len(parts), "file") if per_track else output
    tell(given, f"{where}: {size(made)}: {_counts(report)}")


@main.command("list")
@exits
@given_pages()
@click.option("--json", "as_json", is_flag=True, help="Everything found, as one JSON object.")
def list_items(given: Given, as_json: bool) -> None:
    """Show what is on these pages, writing nothing.

    Prints a table of lessons by kinds; with --json every item with its question, answer and GUID.
    """
    plan = read_plan(given)
    made = plan.build()
    if as_json:
        from ankiexport.writers.json import listing

        print_json(listing(made))
    else:
        print_fetching(given, made)
        _print_table(made)
    if not made.notes:
        raise NoItemError(nothing_found(plan.pages, given.paths))


@main.command()
@exits
@given_pages()
@click.option("--against", type=click.Path(path_type=Path), metavar="DECK", help="An older .apkg instead of the lock.")
@click.option("--json", "as_json", is_flag=True, help="Every note and what happened to it, as one JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="For a pull request or a learners' changelog.")
def diff(given: Given, against: Path | None, as_json: bool, as_markdown: bool) -> None:
    """Show what changed since the last build, writing nothing.

    Compares with the lock, or with an older deck. For notes that are gone or in another deck it prints the search
    that selects them in Anki's browser. Exit status 1 says that there is a difference.
    """
    from ankiexport import exporting, telling
    from ankiexport.decks import KEPT_NAME

    if as_json and as_markdown:
        raise UsageError("--json and --markdown are two forms of one thing: give one of them")
    plan = read_plan(given)
    made = exporting.compare(plan, against)
    if not made.changes:
        raise NoItemError(nothing_found(plan.pages, given.paths))
    print_fetching(given, made)
    print_problems(given, (it for it in made.problems if it.severity != "note" or it.code == KEPT_NAME))
    if as_json:
        print_json(telling.as_json(made))
    else:
        for line in telling.as_markdown(made) if as_markdown else telling.as_text(made):
            click.echo(line)
    if any(change.kind != "unchanged" for change in made.changes):
        sys.exit(1)


@main.command()
@exits
@given_pages(required=False)
@click.option(
    "--from", "deck", type=click.Path(path_type=Path), metavar="DECK", help="Rebuild a lost lock from a deck."
)
@click.option("--accept-names", is_flag=True, help="Let decks take the names that their lessons have now.")
@click.option("--allow-shrink", is_flag=True, help="Go on though many notes are gone from their pages.")
def lock(given: Given, deck: Path | None, accept_names: bool, allow_shrink: bool) -> None:
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
    plan = read_plan(given, keeps=True)
    made = exporting.update_lock(
        plan,
        deck,
        lambda made: print_problems(given, made.all_problems),
        accept_names=accept_names,
        allow_shrink=allow_shrink,
    )
    for line in telling.renamed_decks(made):
        tell(given, line)
    tell(given, f"{made.lock.path if made.lock else ''}: {telling.summary(made)}")
    if deck:
        tell(given, f"notes that had left their pages are not in {deck}, so they are not in the lock")


def _recover(deck: Path | None, path: Path) -> None:
    """Makes a lock from a deck alone."""
    from ankiexport import exporting

    assert deck
    made = exporting.recover_lock(deck, path)
    notes = count(sum(len(page.notes) for page in made.pages), "note")
    about = f"{notes} on {count(len(made.pages), 'page')} of the course {made.course_id!r}; keep it with the pages"
    click.echo(f"{path}: {about}; notes that had left their pages are not in {deck}, so not here either", err=True)


def _counts(report: Report) -> str:
    """`3 changed, 1 new, 2 retired, 44 unchanged`"""
    counts = {name: getattr(report, name) for name in ("changed", "moved", "new", "retired", "unchanged")}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _print_table(course: Course) -> None:
    """A line per lesson, a column per kind, and a sum."""
    rows: list[tuple[str, ...]] = [("lesson", *KINDS, "all")]
    decks = {deck.page_key: deck for deck in course.decks}
    for page in course.pages:
        notes = decks[page.key].notes if page.key in decks else ()
        counts = [sum(note.item.kind == kind for note in notes) for kind in KINDS]
        title = title_in_course(page.title, page.track.title if page.track else None)
        rows.append((title, *map(str, counts), str(len(notes))))
    sums = [sum(note.item.kind == kind for note in course.notes) for kind in KINDS]
    rows.append((course.name, *map(str, sums), str(len(course.notes))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        click.echo("  ".join(cells).rstrip())
