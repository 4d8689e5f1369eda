#!/usr/bin/env python3
"""Prints the course beside it, two ways, and renews the pictures of sheets beside this file.

Needs `pip install 'ankiexport[desktop,pdf]'`, a browser (docs/outputs.md) and pdftoppm, which is in Debian's package
poppler-utils.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import palette

from ankiexport import build, read, write
from ankiexport.model import Layout, Printing

COURSE = Path(__file__).parent / "course"
# Which page of which layout, and under which name
PICTURES: tuple[tuple[Layout, int, str], ...] = (
    ("duplex", 1, "sheet-questions"),
    ("duplex", 2, "sheet-answers"),
    ("single", 1, "sheet-single"),
)
_DOTS = "64"  # per inch: what makes a picture half as wide as a page of text


def main() -> None:
    course = build([replace(page, url=f"https://music.example/{page.key}") for page in read(COURSE)])
    with tempfile.TemporaryDirectory(prefix="ankiexport-") as folder:
        for layout, page, name in PICTURES:
            pdf = Path(folder, f"{layout}.pdf")
            if not pdf.exists():
                write(replace(course, lock=None), pdf, printing=Printing(layout=layout))
            picture = Path(__file__).with_name(name)
            pages = ["-f", str(page), "-l", str(page), "-singlefile"]
            subprocess.run(["pdftoppm", "-r", _DOTS, "-png", *pages, str(pdf), str(picture)], check=True)
            palette.shrink(picture.with_suffix(".png"))


if __name__ == "__main__":
    sys.exit(main())
