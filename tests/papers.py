"""Courses to print, and what came out: the text of a PDF, where it stands, and what a browser measures in its page."""

import asyncio
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from written import self_checks

from ankiexport import browser, build, read
from ankiexport.files import temporary_folder
from ankiexport.model import Course, Printing
from ankiexport.writers import print as printer

NO_BROWSER = "no browser here: apt-get install chromium, or playwright install chromium"
WHEEL = "The wheel turns once for each breath of the bellows, and then it rests until the evening comes. "
CODE = "\n".join(
    f"    value_{n} = compute(first_argument={n}, second_argument='text', third_argument=[1, 2, 3])" for n in range(5)
)
FORMULA = r"$$\frac{u+v}{w} = \sum_k x_k$$"
WIDE_FORMULA = "$$" + " + ".join(rf"\frac{{a_{{{n}}}}}{{b_{{{n}}}}}" for n in range(40)) + "$$"
MEAN = r"$$\bar x = \frac{" + " + ".join(f"x_{{{n}}}" for n in range(1, 21)) + "}{20}$$"
LEFT = r"$$g = \left\{\frac{" + " + ".join(f"y_{{{n}}}" for n in range(1, 21)) + r"}{b + c}\right.$$"
MATRIX = r"$$\begin{pmatrix}" + r" \\ ".join(" & ".join(f"m_{{{row}{n}}}" for n in range(12)) for row in "12")
CASES = (
    r"$$f(n) = \begin{cases} n / 2 & \text{if } n \text{ is even and larger than all of the other numbers} \\"
    r" 3n + 1 & \text{if } n \text{ is oddest} \end{cases}$$"
)
NAMES = (
    "Inventor",
    "Robustness",
    "arithmetic",
    "Pythagoras",
    "-500",
    "Mathematics",
    "Geometry",
    "Syracuse",
    "Archimedes",
)
ARABIC = "ما هي عاصمة مصر؟"


def paragraphs(number: int) -> str:
    return "\n\n".join(f"Part{n}start. {WHEEL * 4} Part{n}end." for n in range(number))


def table(columns: int) -> str:
    return _table(
        [[f"Column {n}" for n in range(columns)], *([f"cell{row}x{n}" for n in range(columns)] for row in range(4))]
    )


def _table(rows: list[list[str]]) -> str:
    rows = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


NASTY = {
    "Short?": "Yes.",
    "What solves it?": FORMULA,
    "A wide formula?": WIDE_FORMULA,
    "A mean?": MEAN,
    "In a line?": f"The mean is {MEAN.replace('$$', '$')} of them.",
    "A brace?": LEFT,
    "A matrix?": MATRIX + r"\end{pmatrix}$$",
    "Cases?": CASES,
    "A table?": table(8),
    "A table of names?": _table([list(NAMES), *([*NAMES[n:], *NAMES[:n]] for n in range(3))]),
    "A wide table?": table(24),
    "Wide code?": f"```python\ndef f():\n{CODE}\n```",
    "Long code?": "```python\n" + "\n".join(f"line_{n} = {n}" for n in range(130)) + "\n```",
    "A big picture? ![big](big.png)": "Bigger: ![](big.png) ![](wide.png)",
    ARABIC: "القاهرة\n\n- أولاً\n- ثانياً",
    "Half a page?": paragraphs(3),
    "A page?": paragraphs(6),
    "Four pages?": paragraphs(24),
    "A list?": "1. one\n2. two\n   - deep\n\n> quoted\n\n> [!NOTE]\n> called `out`\n\nText[^1]\n\n[^1]: The foot.",
    "A heading?": "### Inside\n\nText.\n\n#### Deeper\n\nMore.",
    "A word? " + "Donaudampfschifffahrt" * 12: "x" * 400,
    "Heard?": "<audio src='tone.mp3'></audio> A tone.",
    "Wide in a list?": f"- first\n\n  {FORMULA}\n\n- second\n\n"
    + "\n".join("  " + row for row in table(9).split("\n")),
}


def write_nasty(folder: Path) -> Path:
    """A folder of one page with whatever is hard to print."""
    folder.mkdir()
    (folder / "big.png").write_bytes(_png(1600, 2400))
    (folder / "wide.png").write_bytes(_png(2400, 300))
    (folder / "tone.mp3").write_bytes(b"ID3" + bytes(200))
    (folder / "page.md").write_text(f"# Nasty things\n\n{self_checks(NASTY.items())}", "utf-8")
    return folder


def write_numbered(folder: Path, count: int) -> Path:
    """A folder of one page whose questions and answers are one word each."""
    folder.mkdir()
    pairs = ((f"Question{number}", f"Answer{number}") for number in range(1, count + 1))
    (folder / "page.md").write_text(f"# Numbers\n\n{self_checks(pairs)}", "utf-8")
    return folder


def course_of(folder: Path) -> Course:
    return build(read(folder))


def _png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x60\x90\xc0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def folded(text: str) -> str:
    """Without what a printed line may change: white space, hyphens, the alphabets of formulas, joined letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())


def open_pdf(path: Path):
    from pypdf import PdfReader

    return PdfReader(path)


@dataclass(frozen=True)
class Word:
    text: str
    x: float
    y: float


def words_of(page) -> Iterator[Word]:
    """Runs of text on a page of a PDF and where they stand, in points from the lower left corner."""
    found = []

    def visit(text, outer, inner, *_):
        if text.strip():
            x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
            y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
            found.append(Word(text.strip(), x, y))

    page.extract_text(visitor_text=visit)
    return iter(found)


def measure(course: Course, printing: Printing, script: str):
    """What a script gives in the page that is printed, as it is printed."""

    async def measured(page: Path):
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            opened = await browser.launch(playwright)
            tab = await opened.new_page()
            await tab.emulate_media(media="print")
            await tab.goto(page.as_uri())
            await tab.evaluate(printer.fitting())
            try:
                return await tab.evaluate(script)
            finally:
                await opened.close()

    with temporary_folder() as folder:
        return asyncio.run(measured(printer.write_page(course, printing, folder)))
