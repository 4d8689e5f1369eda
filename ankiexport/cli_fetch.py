"""`ankiexport fetch`: pages from the web into a folder, which the other verbs read."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from ankiexport.cli_shared import check_loudness, exits, fetching_of, given_fetching, watching
from ankiexport.errors import SourceError
from ankiexport.telling import count

if TYPE_CHECKING:
    from ankiexport.web.fetch import Fetched


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder for the pages; default: one called after the site, in the working folder.",
)
@exits
@given_fetching
@click.option("--media", is_flag=True, help="Fetch the pictures and recordings of the pages too.")
@click.option("-v", "--verbose", is_flag=True, help="Tell each page that is fetched.")
@click.option("-q", "--quiet", is_flag=True, help="Tell errors and warnings only.")
def fetch(
    urls: Sequence[str],
    folder: Path | None,
    match: Sequence[str],
    limit: int | None,
    pause: float | None,
    media: bool,
    verbose: bool,
    quiet: bool,
) -> None:
    """Save the pages of a site in a folder.

    \b
    ankiexport fetch https://example.org/statistics/             a course: all pages below this one
    ankiexport fetch https://example.org/ --match '*/practice/'  only its practice pages
    ankiexport fetch https://example.org/sitemap.xml             the pages that a sitemap lists
    ankiexport fetch https://example.org/averages.html           one page
    ankiexport build example.org-statistics/                     a deck of what was fetched

    A URL that ends in / stands for all pages below it: those that the sitemaps of the site list, or else those that are
    linked. Any other stands for its page, or with --match for what matches below it.

    Run it again, and only what has changed is fetched; interrupted, it goes on where it was. Sites are asked politely:
    robots.txt is heeded, few pages are asked for at once, with a pause between. ankiexport-manifest.jsonl in the folder
    knows where each page came from; keep it with them.
    """
    from ankiexport.web.addresses import base_of, start
    from ankiexport.web.fetch import fetch as fetch_pages
    from ankiexport.web.names import folder_name

    check_loudness(verbose, quiet)
    folder = folder or Path(folder_name(map(start, urls)))
    try:
        with watching("fetching", verbose=verbose, quiet=quiet) as watch:
            fetched = fetch_pages(urls, folder, fetching_of(match, limit, pause, media=media), watch=watch)
    except (KeyboardInterrupt, SystemExit):
        click.echo(f"ankiexport: {folder}: stopped; the same command goes on where it was", err=True)
        raise
    for problem in fetched.problems:
        if problem.severity != "note" or not quiet:
            click.echo(f"{problem.location.source}: {problem.severity}: {problem.message}", err=True)
    if fetched.is_copy:
        raise SourceError(f"{folder}: nothing could be fetched; the pages there are those of the last run")
    if not quiet:
        click.echo(_summary(fetched), err=True)
        url = fetched.pages[0].url if len(fetched.pages) == 1 else ""
        if len(urls) == 1 and not match and url and base_of(url) == f"{urlsplit(url).path}/":
            click.echo(f"{url}: this page alone; {url}/ or --match GLOB takes those below it", err=True)
    if fetched.failed:
        sys.exit(SourceError.exit_status)


def _summary(fetched: "Fetched") -> str:
    """`statistics/: 310 pages, 12 new, 3 changed, 295 unchanged; 40 media files`"""
    counts = [f"{number} {how}" for how in ("new", "changed", "edited", "unchanged") if (number := fetched.counts[how])]
    media = f"; {fetched.counts['media']} media files" if fetched.counts["media"] else ""
    return f"{fetched.folder}/: {', '.join([count(len(fetched.pages), 'page'), *counts])}{media}"
