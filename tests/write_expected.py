"""Writes `expected.json` beside the forms of a page fixture, from the richest form. Read what it wrote: it is a claim.

python tests/write_expected.py tests/pages/NAME... [--force]

It refuses to overwrite a file unless `--force` is given, and then keeps the hand-written `except` of the old one.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ankiexport import build, read
from ankiexport.writers.json import listing

FIELDS = ("kind", "label", "question", "answer", "context", "explanation")
RICHEST_FIRST = (".mdx", ".md", ".html", ".txt")

_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "..."})


def find_forms(folder: Path) -> list[Path]:
    """The forms of one page in a fixture's folder, the richest first."""
    forms = [path for path in folder.glob("page.*") if path.suffix in RICHEST_FIRST]
    return sorted(forms, key=lambda path: RICHEST_FIRST.index(path.suffix))


def list_page(form: Path) -> dict[str, Any]:
    """One form as `ankiexport list --json` shows it, with its problems as `line: severity: message`."""
    pages = read(form)
    course = build(pages, course="Fixtures")
    (page,) = listing(course)["pages"]
    problems = page["problems"]
    lines = [f"{p['line']}: {p['severity']}: {p['message']}" for p in problems]
    return {"title": page["title"], "items": page["items"], "problems": lines}


def fold(text: str | None) -> str | None:
    """Text without the differences of typography and white space that the forms of a page have."""
    return None if text is None else re.sub(r"\s+", " ", text.translate(_TYPOGRAPHY)).strip()


def describe(folder: Path) -> dict[str, Any]:
    """What `expected.json` would say of a fixture."""
    forms = {form.name: list_page(form) for form in find_forms(folder)}
    richest = next(iter(forms.values()))
    return {
        "title": richest["title"],
        "items": [{field: item[field] for field in FIELDS} for item in richest["items"]],
        "problems": {name: page["problems"] for name, page in forms.items() if page["problems"]},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--force", action="store_true", help="overwrite an expected.json")
    options = parser.parse_args(arguments)
    for folder in options.folders:
        path = folder / "expected.json"
        if not find_forms(folder):
            print(f"{folder}: no page.mdx, page.md, page.html or page.txt", file=sys.stderr)
            return 2
        if path.exists() and not options.force:
            print(f"{path}: is there; --force overwrites it", file=sys.stderr)
            return 1
        expected = describe(folder)
        if path.exists() and (kept := json.loads(path.read_text("utf-8")).get("except")):
            expected["except"] = kept
        path.write_text(json.dumps(expected, ensure_ascii=False, indent=2) + "\n", "utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
