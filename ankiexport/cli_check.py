"""The verbs that account for what was read: `check` and `explain`."""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ankiexport import rules
from ankiexport.cli_shared import (
    Given,
    exits,
    given_pages,
    nothing_found,
    print_json,
    read_plan,
    tell,
)
from ankiexport.errors import NoItemError, SourceError, UsageError
from ankiexport.model import Course, Page, Problem
from ankiexport.telling import count
from ankiexport.web import addresses

if TYPE_CHECKING:
    from ankiexport.coverage import Coverage

_RULE_TABLE = "\n".join(["\b", "Rules of the linter:", *(f"  {code}  {found}" for code, found in rules.RULES.items())])
_SEVERITIES = ("error", "warning", "note")
# "lesson.md:12", and as a problem begins: "lesson.md:12:"
_PLACE = re.compile(r"(?P<page>.+):(?P<line>\d{1,9}):?", re.S)


@click.command(epilog=_RULE_TABLE)
@exits
@given_pages()
@click.option("--strict", is_flag=True, help="Notes fail the check too, but for hints and asides that are left out.")
@click.option("--select", metavar="CODES", multiple=True, help="Only these rules of the linter: L001,L004, or L00.")
@click.option("--ignore", metavar="CODES", multiple=True, help="Not these rules of the linter.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def check(given: Given, strict: bool, select: Sequence[str], ignore: Sequence[str], as_json: bool) -> None:
    """Say what was not understood and what makes poor cards, line by line.

    Prints path:line: message, and for each page how many reveals it has, hidden or made of a question and its answer
    that stand openly; how many were used or left; which questions have no answer, and which answers no question. Exit
    status 1 says that there is an error or a warning. With --strict a note fails too, so any reveal that was left and
    any question without an answer; but no hint or aside, which is left out on purpose.

    What makes poor cards is told as notes that begin with the code of a rule; docs/linting.md has an example of each.
    [course] ignore = ["L002"] in ankiexport.toml switches a rule off for good.
    """
    from ankiexport import coverage, pipeline

    rules.chosen(select, ignore, ())  # before the pages are read: a wrong code is told at once
    plan = read_plan(given, traces=True)
    pages, made = plan.pages, plan.build()
    poor = pipeline.lint(pages, made, select, ignore)
    made = replace(made, problems=(*made.problems, *poor))
    problems = made.all_problems
    covered = {page.key: coverage.cover(page) for page in pages}
    total = coverage.total(covered.values())
    fails = coverage.fails(problems, strict=strict)
    if as_json:
        print_json(_check_as_json(made, covered, total, fails))
    else:
        _print_check(pages, made, covered)
        if len(pages) > 1:
            click.echo(f"{count(len(pages), 'page')}: {total}")
    counts = ", ".join(count(number, severity) for severity, number in _by_severity(problems).items())
    tell(given, f"{count(len(pages), 'page')}, {count(len(made.notes), 'item')}: {counts}")
    if not made.notes:
        raise NoItemError(nothing_found(pages, given.paths))
    if fails:
        sys.exit(1)


def _print_check(pages: Sequence[Page], made: Course, covered: Mapping[str, "Coverage"]) -> None:
    for problem in made.problems_of_no_page:
        click.echo(str(problem))
    problems = made.problems_by_page
    for page in pages:
        for problem in problems[page.key]:
            click.echo(str(problem))
        click.echo(f"{page.source.name}: {covered[page.key]}")


def _by_severity(problems: Sequence[Problem]) -> Mapping[str, int]:
    return {severity: sum(problem.severity == severity for problem in problems) for severity in _SEVERITIES}


def _check_as_json(made: Course, covered: Mapping[str, "Coverage"], total: "Coverage", fails: bool) -> dict[str, Any]:
    from dataclasses import asdict

    from ankiexport.writers.json import listing

    listed = listing(made)
    shown = ("source", "key", "title")
    return {
        "course": listed["course"],
        "pages": [
            {key: page[key] for key in shown}
            | {"items": len(page["items"]), "coverage": asdict(covered[page["key"]]), "problems": page["problems"]}
            for page in listed["pages"]
        ],
        "problems": listed["problems"],
        "total": asdict(total) | {"pages": len(made.pages), "items": len(made.notes)},
        "fails": fails,
    }


def _given_page(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments of `explain`, those of the other verbs that change what it says."""
    lock = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--no-fuzzy", is_flag=True, help="Let likeness alone never tell which note a question was."),
        click.option("--no-lock", is_flag=True, help="As if there were no lock."),
        click.option("--lock", type=lock, help="The lock; default: ankiexport.lock beside the page."),
        click.option("--course", metavar="NAME", help="The name of the course, as `build` is given it."),
        click.argument("place", metavar="PAGE[:LINE]"),
    ):
        command = option(command)
    return command


@click.command()
@exits
@_given_page
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def explain(place: str, course: str | None, lock: Path | None, no_lock: bool, no_fuzzy: bool, as_json: bool) -> None:
    """Tell what was seen at a line of a page, and which note was made of it.

    PAGE:LINE is how problems name a place, also one on the web; lines count from 1. Tells which reveal the line belongs
    to, by what shape it was known, and which finder made which item of it, with its GUID; or why there is none. PAGE
    alone explains the whole page.
    """
    from ankiexport import explaining

    path, line = _page_and_line(place)
    given = Given(
        paths=(path,),
        course=course,
        lock=lock,
        no_lock=no_lock,
        no_fuzzy=no_fuzzy,
        jobs=1,
        page_alone=True,
    )
    plan = read_plan(given, traces=True)
    if not plan.pages:
        raise NoItemError(nothing_found(plan.pages, given.paths))
    explained = explaining.explain(plan.pages[0], plan.build(), line)
    if as_json:
        print_json(explaining.as_json(explained))
        return
    for text in explaining.as_text(explained):
        click.echo(text)


def _page_and_line(place: str) -> tuple[str, int | None]:
    """`lessons/one.md:12` taken apart; a page may have colons in its name, and an end that looks like a line."""
    if os.path.isdir(place):  # noqa: PTH112  # never raises, whatever the name
        raise UsageError(f"{place}: a folder; give one of its pages")
    if os.path.exists(place) or place == "-":  # noqa: PTH110  # never raises, whatever the name
        return place, None
    if addresses.is_web(place):
        return _address_and_line(place)
    match = _PLACE.fullmatch(place)
    page, end = (match["page"], match["line"]) if match else place.rpartition(":")[::2]
    if page != "-" and not os.path.isfile(page):  # noqa: PTH113  # never raises, whatever the name
        raise SourceError(f"{place}: no such file")
    if not match or int(end) == 0:
        raise UsageError(f"{place}: {end!r} is no line; lines are numbers, and count from 1")
    return page, int(end)


def _address_and_line(place: str) -> tuple[str, int | None]:
    """`https://example.org/one/:12` taken apart; the port of a host is no line."""
    match = _PLACE.fullmatch(place)
    if not match or "/" not in match["page"].partition("://")[2]:
        return place, None
    return match["page"], int(match["line"])
