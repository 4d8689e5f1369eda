"""Times the reading of a rendered page against selectolax's bare parse of it, and how reading grows with the page.

    python benchmarks/read.py [PAGE.html]

Prints a table; asserts nothing. Without a page it makes one of about 90 kB: navigation, then questions.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

import ankiexport
from ankiexport.model import Source

_RUNS = 15
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


def main() -> None:
    html = Path(sys.argv[1]).read_text("utf-8") if len(sys.argv) > 1 else made_page(90_000)
    bare = median_ms(lambda: LexborHTMLParser(html))
    whole = median_ms(lambda: read(html))
    print(f"{len(html.encode()):>10} bytes: bare parse {bare:.2f} ms, read {whole:.2f} ms, ratio {whole / bare:.1f}")
    print(f"\n{'MB':>6} {'read, ms':>10} {'ms per MB':>10}")
    for size in _SIZES:
        page = made_page(int(size * 1_000_000))
        took = median_ms(lambda page=page: read(page), runs=1)  # type: ignore[misc]  # bound at once
        print(f"{size:>6} {took:>10.0f} {took / size:>10.0f}")


if __name__ == "__main__":
    main()
