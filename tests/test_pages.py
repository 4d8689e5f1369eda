"""Each page in `pages/`, in each of its forms, gives the items and the problems of the `expected.json` beside it.

A new fixture is a new folder; `write_expected.py` writes its first `expected.json`.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from write_expected import FIELDS, find_forms, fold, list_page

from ankiexport import build, read

PAGES = Path(__file__).parent / "pages"
EXPECTED = sorted(PAGES.glob("*/expected.json"))
FORMS = [form for expected in EXPECTED for form in find_forms(expected.parent)]


def name_of(path: Path) -> str:
    return path.relative_to(PAGES).as_posix()


def load(expected: Path) -> dict[str, Any]:
    return json.loads(expected.read_text("utf-8"))


def expected_items(form: Path) -> list[dict[str, Any]]:
    """The items of a form: `except` overrules single fields of one; null there says that this form lacks it."""
    expected = load(form.parent / "expected.json")
    overrules = expected.get("except", {}).get(form.name, {})
    items = []
    for index, item in enumerate(expected["items"]):
        overruled = overrules.get(str(index), {})
        if overruled is not None:
            items.append({**item, **overruled})
    return items


@cache
def listed(form: Path) -> dict[str, Any]:
    return list_page(form)


def guids(form: Path) -> dict[int, str]:
    """The GUIDs of a form by the index of the item in `expected.json`."""
    expected = load(form.parent / "expected.json")
    overrules = expected.get("except", {}).get(form.name, {})
    present = [i for i in range(len(expected["items"])) if overrules.get(str(i), {}) is not None]
    return dict(zip(present, (item["guid"] for item in listed(form)["items"]), strict=True))


def test_there_are_page_fixtures():
    assert EXPECTED, f"no {PAGES}/*/expected.json"
    assert len(FORMS) >= len(EXPECTED)


def test_every_folder_of_pages_has_what_is_expected():
    without = [folder.name for folder in PAGES.iterdir() if folder.is_dir() and not (folder / "expected.json").exists()]
    assert not without, f"write them with write_expected.py: {without}"


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_page_has_the_expected_title_and_items(form):
    page = listed(form)
    found = [{field: fold(item[field]) for field in FIELDS} for item in page["items"]]
    wanted = [{field: fold(item.get(field)) for field in FIELDS} for item in expected_items(form)]
    assert found == wanted
    assert fold(page["title"]) == fold(load(form.parent / "expected.json")["title"])


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_page_has_the_expected_problems_and_no_other(form):
    assert listed(form)["problems"] == load(form.parent / "expected.json").get("problems", {}).get(form.name, [])


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_item_is_found_on_a_line_of_the_file(form):
    count = len(form.read_text("utf-8").splitlines())
    lines = [item["line"] for item in listed(form)["items"]]
    assert all(1 <= line <= count for line in lines)
    assert lines == sorted(lines)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.parent.name)
def test_forms_of_a_page_share_their_guids(expected):
    first, *others = find_forms(expected.parent)
    for other in others:
        mine, its = guids(first), guids(other)
        assert {i: mine[i] for i in mine.keys() & its} == {i: its[i] for i in mine.keys() & its}, other.name


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.parent.name)
def test_forms_of_a_page_together_are_one_page_in_its_richest_form(expected):
    forms = find_forms(expected.parent)
    (page,) = read(forms)
    assert page.source.path == forms[0]
    assert [note.guid for note in build([page], course="Fixtures").notes] == list(guids(forms[0]).values())


def test_expected_file_is_not_overwritten_unasked(tmp_path):
    script = Path(__file__).parent / "write_expected.py"
    fixture = tmp_path / "fixture"
    fixture.mkdir()
    (fixture / "page.md").write_text("# Lesson\n\n1. Why?\n\n<details><summary>Answer</summary>\n\nSo.\n\n</details>\n")
    command = [sys.executable, script, fixture]
    assert subprocess.run(command, capture_output=True).returncode == 0
    written = (fixture / "expected.json").read_text("utf-8")
    assert json.loads(written)["title"] == "Lesson"
    (fixture / "expected.json").write_text('{"except": {"page.txt": {}}}')
    assert subprocess.run(command, capture_output=True).returncode == 1
    assert subprocess.run([*command, "--force"], capture_output=True).returncode == 0
    assert json.loads(written).items() <= json.loads((fixture / "expected.json").read_text("utf-8")).items()
