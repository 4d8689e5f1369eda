"""Times the reading of a rendered page against selectolax's bare parse of it, and how reading grows with the page.

    python benchmarks/read.py [PAGE.html]

Says, too, how much of reading is cleaning. Prints a table; asserts nothing. Without a page it makes one of about 90 kB:
navigation, then questions.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from selectolax.lexbor import LexborHTMLParser

import ankiexport
from ankiexport import footnotes, markup, media, notetype
from ankiexport.model import Source
from ankiexport.readers import content

_RUNS = 15
_CLEANING = {
    content: (
        "drop_junk _keep_directions _lighten _resolve_links level_callouts level_code level_formulas level_pictures"
        " level_reveals take_footnotes"
    ).split(),
    markup: ["clean"],
    media: ["pack"],
    footnotes: ["attach"],
    notetype: ["for_card"],
}
_SIZES = (0.1, 0.3, 1, 3, 10)  # MB


def made_page(size: int) -> str:
    """A page of about `size` bytes, half of it navigation."""
    link = '<li><details><summary>Part {i}</summary><ul><li><a href="/p/{i}/">Lesson {i}</a></li></ul></details></li>\n'
    pair = (
        "<p><strong>{i}. What does part number {i} of this made-up machine do, and why is it there?</strong></p>\n"
        "<details><summary>Show answer</summary><p>It holds <code>part[{i}]</code> in place while the others turn, so"
        " that <em>nothing</em> comes loose when the machine is moved to another room.</p></details>\n"
    )
    links, pairs = size // 2 // len(link), size // 2 // len(pair)
    menu = "".join(link.format(i=i) for i in range(links))
    questions = "".join(pair.format(i=i) for i in range(1, pairs + 1))
    body = f"<nav><ul>{menu}</ul></nav>\n<main><h1>Practice: A machine</h1>\n{questions}</main>"
    return f"<!doctype html>\n<html><head><title>A machine</title></head><body>{body}</body></html>"


def median_ms(run: Callable[[], object], runs: int = _RUNS) -> float:
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def read(html: str) -> object:
    return ankiexport.read(Source(name="page.html", text=html, format="html"))


def cleaning_share(html: str) -> float:
    """How much of reading, and of filling the fields, goes to levelling, cleaning and sanitising: from 0 to 1."""
    spent = 0.0
    depth = 0

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            nonlocal spent, depth
            depth += 1
            start = time.perf_counter()
            found = function(*arguments, **options)
            found = iter(list(found)) if isinstance(found, Iterator) else found
            depth -= 1
            spent += (time.perf_counter() - start) if depth == 0 else 0
            return found

        return run

    with ExitStack() as patches:
        for module, names in _CLEANING.items():
            for name in names:
                patches.enter_context(patch.object(module, name, timed(getattr(module, name))))
        start = time.perf_counter()
        course = ankiexport.build(ankiexport.read(Source(name="page.html", text=html, format="html")), course="C")
        for deck in course.decks:
            for note in deck.notes:
                notetype.fields(course.id, deck, note.guid, note.item)
        return spent / (time.perf_counter() - start)


def main() -> None:
    html = Path(sys.argv[1]).read_text("utf-8") if len(sys.argv) > 1 else made_page(90_000)
    bare = median_ms(lambda: LexborHTMLParser(html))
    whole = median_ms(lambda: read(html))
    print(f"{len(html.encode()):>10} bytes: bare parse {bare:.2f} ms, read {whole:.2f} ms, ratio {whole / bare:.1f}")
    shares = [cleaning_share(html) for _ in range(_RUNS)]
    print(f"levelling, cleaning and sanitising: {statistics.median(shares):.0%} of reading and filling the fields")
    print(f"\n{'MB':>6} {'read, ms':>10} {'ms per MB':>10}")
    for size in _SIZES:
        page = made_page(int(size * 1_000_000))
        took = median_ms(lambda page=page: read(page), runs=1)  # type: ignore[misc]  # bound at once
        print(f"{size:>6} {took:>10.0f} {took / size:>10.0f}")


if __name__ == "__main__":
    main()
