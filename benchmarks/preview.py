"""Times how long a browser takes to open the preview of a big course, to search it, to show all answers and to scroll.

    python benchmarks/preview.py [NOTES]

Makes a course of so many notes (8,000) with code, formulas, lists and pictures. Prints a table; asserts nothing.
Needs `pip install 'ankiexport[pdf]'` and Chromium.
"""

import sys
import tempfile
import time
from pathlib import Path

import ankiexport
from ankiexport.browsers import open_browser
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

![A wheel](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIyMDAiIGhlaWdodD0iODAiPjxjaXJjbGUgY3g9IjEwMCIgY3k9IjQwIiByPSIzMCIvPjwvc3ZnPg==)

</details>

"""

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
        questions = "".join(_QUESTION.format(i=i + 1) for i in range(first, min(first + _ON_A_PAGE, notes)))
        text = f"# Practice: Machine {first // _ON_A_PAGE + 1}\n\n{questions}"
        pages.append(Source(name=f"machine-{first}.md", text=text, format="markdown"))
    return ankiexport.build(ankiexport.read(pages), course="Machines")


def main() -> None:
    course = made_course(int(sys.argv[1]) if len(sys.argv) > 1 else _NOTES)
    with tempfile.TemporaryDirectory(prefix="ankiexport-") as folder, open_browser() as browser:
        path = Path(folder, "preview.html")
        started = time.perf_counter()
        ankiexport.write(course, path)
        print(f"{len(course.notes):,} notes, {path.stat().st_size / 1e6:.1f} MB: {time.perf_counter() - started:.1f} s to write")
        page = browser.new_page()
        for run in range(3):
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.evaluate(_PAINTED)
            print(f"open: {time.perf_counter() - started:.2f} s")
        for what, act in (
            ("search", lambda: (page.fill("#search", "part 4321"), page.wait_for_function("document.querySelector('#shown').textContent.includes(' of ')"))),
            ("all again", lambda: page.fill("#search", "")),
            ("all answers", lambda: page.click("#answers")),
        ):
            started = time.perf_counter()
            act()
            page.evaluate(_PAINTED)
            print(f"{what}: {time.perf_counter() - started:.2f} s")
        times = page.evaluate(_SCROLL)
        print(f"scroll: median frame {times[len(times) // 2]:.0f} ms, 95 % {times[int(len(times) * 0.95)]:.0f} ms, worst {times[-1]:.0f} ms")


if __name__ == "__main__":
    main()
