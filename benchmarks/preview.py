"""Times how long a browser takes to open the preview of a big course, to search it, to show all answers and to scroll.

    python benchmarks/preview.py [NOTES]

Makes a course of so many notes (8,000) with code, formulas, lists and pictures. Prints a table; asserts nothing.
Needs `pip install 'ankiexport[pdf]'` and Chromium.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import ankiexport
from ankiexport.browser import system_browsers
from ankiexport.model import Source

_NOTES = 8_000
_ON_A_PAGE = 40

_QUESTION = """**{i}. How does part {i} of this made-up machine turn when \\\\(v_{{{i}}} = \\\\frac{{a}}{{b}}\\\\)?**

<details><summary>Show answer</summary>

It turns once in `{i}` seconds, so that *nothing* comes loose while the machine is moved to another room:

- the first wheel holds part {i} in place,
- the second one turns it by $\\\\omega_{{{i}}} t$.

```python
def turn(part, seconds={i}):
    return part.angle + part.speed * seconds
```

![A wheel]({wheel})

</details>

"""

_WHEEL = (
    "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' width='200' height='80'%3E"
    "%3Ccircle cx='100' cy='40' r='{radius}'/%3E%3C/svg%3E"
)

# Frames while the page scrolls to its end in so many steps: how long each took, in milliseconds
_SCROLL = """async () => {
  const times = [];
  let last = performance.now();
  for (let step = 0; step < 240; step += 1) {
    scrollBy(0, 400);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b);
}"""
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def made_course(notes: int) -> ankiexport.Course:
    pages = []
    for first in range(0, notes, _ON_A_PAGE):
        wheel = _WHEEL.format(radius=20 + first // _ON_A_PAGE % 20).replace(" ", "%20")
        questions = (_QUESTION.format(i=i + 1, wheel=wheel) for i in range(first, min(first + _ON_A_PAGE, notes)))
        text = f"# Practice: Machine {first // _ON_A_PAGE + 1}\n\n{''.join(questions)}"
        pages.append(Source(name=f"machine-{first}.md", text=text, format="markdown"))
    return ankiexport.build(ankiexport.read(pages), course="Machines")


def _timed(what: str, act: Callable[[], object], page: Any) -> None:
    started = time.perf_counter()
    act()
    page.evaluate(_PAINTED)
    print(f"{what}: {time.perf_counter() - started:.2f} s")


def _look(page: Any, path: Path) -> None:
    def open_it() -> None:
        page.goto(path.as_uri())
        page.wait_for_selector("article .card")

    for _ in range(3):
        _timed("open until the first cards are there", open_it, page)

    def search() -> None:
        page.fill("#search", "part 4321")
        page.wait_for_selector("#shown:not(:empty)")

    def leave_search() -> None:
        page.press("#search", "Escape")
        page.wait_for_selector("#shown:empty", state="attached")

    _timed("search", search, page)
    _timed("leave the search", leave_search, page)
    _timed("show all answers", lambda: page.click("#answers"), page)
    times = page.evaluate(_SCROLL)
    middle, most = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"scroll: a frame takes {middle:.0f} ms, 95 of 100 at most {most:.0f} ms, the longest {times[-1]:.0f} ms")


def main() -> None:
    course = made_course(int(sys.argv[1]) if len(sys.argv) > 1 else _NOTES)
    with tempfile.TemporaryDirectory(prefix="ankiexport-") as folder, sync_playwright() as playwright:
        path = Path(folder, "preview.html")
        started = time.perf_counter()
        ankiexport.write(course, path)
        took = time.perf_counter() - started
        print(f"{len(course.notes):,} notes, {path.stat().st_size / 1e6:.1f} MB, written in {took:.1f} s")
        browser = playwright.chromium.launch(executable_path=next(system_browsers(), None))
        _look(browser.new_page(), path)
        browser.close()


if __name__ == "__main__":
    main()
