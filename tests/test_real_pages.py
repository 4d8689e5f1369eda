"""The real pages, which are no part of the repository: what was reached on them is not lost again.

The floors are those of `score.py` and `forms.py`, which stand beside the pages.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from ankiexport import build, read


def run_tool(tool, *arguments):
    environment = {**os.environ, "ANKIEXPORT": f'"{sys.executable}" -m ankiexport', "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(tool), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def scores(real_pages, real_tools):
    """What was found on each page of the course, by its suffix."""
    output = run_tool(real_tools / "score.py", real_pages / "truth.json", "--only", "clawdemy/", "--json")
    rows = json.loads(output)["pages"]
    assert rows, "no page of the course in truth.json"
    assert [row for row in rows if "error" in row] == []
    by_suffix: dict[str, list[dict[str, int]]] = {}
    for row in rows:
        by_suffix.setdefault(row["page"].rsplit(".", 1)[1], []).append(row)
    return {
        suffix: {
            key: sum(row[key] for row in rows) for key in ("required", "found", "exact", "context", "parts", "false")
        }
        for suffix, rows in by_suffix.items()
    }


@pytest.mark.parametrize("suffix", ["html", "mdx"])
def test_html_and_mdx_lose_nothing(scores, suffix):
    score = scores[suffix]
    assert score["found"] == score["required"] > 300
    assert score["exact"] >= 0.995 * score["required"]
    assert score["context"] == score["parts"]


def test_text_dumps_lose_next_to_nothing(scores):
    score = scores["txt"]
    assert score["found"] >= 0.99 * score["required"]
    assert score["exact"] >= 0.97 * score["required"]
    assert score["context"] >= 0.99 * score["parts"]


@pytest.mark.parametrize("suffix", ["html", "mdx", "txt"])
def test_nothing_is_found_that_is_not_there(scores, suffix):
    assert scores[suffix]["false"] == 0


def test_forms_of_a_lesson_share_guids_and_answers(real_pages, real_tools):
    lessons = sorted(path for path in (real_pages / "clawdemy").iterdir() if path.is_dir())
    assert lessons
    last = run_tool(real_tools / "forms.py", *lessons).splitlines()[-1]
    match = re.fullmatch(r"(\d+) of (\d+) items have one GUID in all forms, (\d+) one answer too", last)
    assert match, last
    same, seen, alike = map(int, match.groups())
    assert seen > 300
    assert same >= 0.99 * seen
    assert alike >= 0.97 * seen


def test_seeds_give_their_notes(real_pages):
    seeds = sorted((real_pages / "seeds").glob("*.txt"))
    assert sorted(len(build(read(seed), course="Seeds").notes) for seed in seeds) == [22, 28]


def test_folder_with_all_forms_of_a_lesson_is_one_page(real_pages):
    for folder in sorted((real_pages / "clawdemy").iterdir()):
        (page,) = read(folder)
        assert page.source.format == "mdx"
