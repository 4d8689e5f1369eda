"""Pages with something wrong: each in `pages_bad/` gives the exit status and the stderr of the `.expected` beside it.

A new case is a new page and its `.expected`: the exit status, then the lines on stderr with {path} for the page.
"""

import json
from pathlib import Path

import pytest

PAGES = Path(__file__).parent / "pages_bad"
EXPECTED = sorted(PAGES.glob("*.expected"))
NOTE_ON_ID = (
    "{folder}/ankiexport.toml:1: note: the id of this course is 'bad', made from its name;"
    ' ankiexport init writes this file, and [course] id = "bad" in it keeps the id'
)
PAGE = """# Café at the river

**1.** What does the sign “Crème brûlée – 4 €” offer?

<details><summary>Show answer</summary>

A sweet, for 4 €.

</details>
"""


def page_of(expected: Path) -> Path:
    (page,) = (path for path in PAGES.glob(f"{expected.stem}.*") if path != expected)
    return page


def test_there_are_bad_pages():
    assert EXPECTED, f"no {PAGES}/*.expected"


def test_every_bad_page_has_what_is_expected():
    pages = {path.stem for path in PAGES.iterdir() if path.suffix not in (".expected", ".toml")}
    assert pages == {path.stem for path in EXPECTED}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_bad_page_gives_the_expected_status_and_lines(expected, run):
    page = page_of(expected)
    status, *lines = expected.read_text("utf-8").splitlines()
    result = run("build", "--no-lock", "--course", "Bad", page)
    assert result.stderr.splitlines() == [line.replace("{path}", str(page)) for line in lines]
    assert result.exit_code == int(status)
    assert result.stdout == ""
    assert Path("bad.apkg").exists() == (result.exit_code == 0)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        pytest.param(PAGE.encode(), None, id="utf-8"),
        pytest.param(PAGE.encode("utf-8-sig"), "read as utf-8 with a byte order mark", id="utf-8 with a mark"),
        pytest.param(
            b"\xff\xfe" + PAGE.encode("utf-16-le"),
            "read as utf-16-le with a byte order mark",
            id="utf-16-le with a mark",
        ),
        pytest.param(
            b"\xfe\xff" + PAGE.encode("utf-16-be"),
            "read as utf-16-be with a byte order mark",
            id="utf-16-be with a mark",
        ),
        pytest.param(PAGE.encode("utf-16-le"), "read as utf-16-le", id="utf-16-le"),
        pytest.param(PAGE.encode("utf-16-be"), "read as utf-16-be", id="utf-16-be"),
        pytest.param(PAGE.encode("cp1252"), "read as cp1252", id="cp1252"),
        pytest.param(PAGE.replace("\n", "\r\n").encode(), "line ends are CR or CRLF", id="CRLF"),
        pytest.param(PAGE.replace("\n", "\r").encode(), "line ends are CR or CRLF", id="CR"),
        pytest.param(
            PAGE.replace("4 €.", "4\x1f€.\x0c").encode(), "control characters were read as spaces", id="controls"
        ),
    ],
)
def test_page_in_another_encoding_gives_the_same_note_and_says_how_it_was_read(data, note, run, tmp_path):
    page = tmp_path / "page.md"
    page.write_bytes(data)
    listed = json.loads(run("list", "--json", page).stdout)["pages"][0]
    assert [(item["question"], item["answer"], item["line"]) for item in listed["items"]] == [
        ("What does the sign “Crème brûlée – 4 €” offer?", "A sweet, for 4 €.", 3)
    ]
    result = run("build", "--no-lock", "--course", "Bad", page)
    assert result.exit_code == 0
    wanted = [f"{page}:1: note: {note}"] if note else []
    assert result.stderr.splitlines() == [
        NOTE_ON_ID.format(folder=page.parent),
        *wanted,
        "bad.apkg: 1 note in 1 deck: 1 new",
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("page.txt", bytes(range(256)) * 4, id="all bytes"),
        pytest.param("page.txt", b"Lesson\n\n1. Why?\x00\x00\x00\n", id="a text with NULs"),
        pytest.param("page.html", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100), id="a picture"),
        pytest.param("page.md", b"PK\x03\x04" + bytes(200), id="a zip"),
        pytest.param("page.md", b"\xff\xfe" + b"\x00\xd8" * 9, id="broken utf-16"),
    ],
)
def test_binary_file_is_refused_in_one_line(name, data, run, tmp_path):
    page = tmp_path / name
    page.write_bytes(data)
    result = run("build", page)
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    assert str(page) in line


def write_page(path: Path, filler: str) -> Path:
    question = "<p>1. Which way is up?</p><details><summary>Show answer</summary><p>Away from the ground.</p></details>"
    path.write_text(f"<!DOCTYPE html><title>Big</title><main>{question}{filler}</main>", "utf-8")
    return path


def test_page_of_ten_megabytes_is_read(run, tmp_path):
    paragraph = "<p>A long walk over flat ground, with nothing to ask.</p>\n"
    result = run("list", write_page(tmp_path / "page.html", paragraph * (10_000_000 // len(paragraph))))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split() == ["Big", "1", "0", "0", "1"]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "blockquote", "details"])
def test_page_of_tags_nested_without_end_is_read_or_refused_but_never_crashes(tag, run, tmp_path):
    opening = f"<{tag}>"
    result = run("build", write_page(tmp_path / "page.html", opening * (10_000_000 // len(opening))))
    assert result.exit_code in (0, 3, 4)
    assert result.stderr.strip()


def test_broken_front_matter_is_a_warning_with_its_line(run, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("# Café at the river\n", "---\ntitle: [Knots\n---\n"), "utf-8")
    result = run("build", "--no-lock", "--course", "Bad", page)
    assert result.exit_code == 0
    assert f"{page}:2: warning: the front matter is not YAML" in result.stderr
