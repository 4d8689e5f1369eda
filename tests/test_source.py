"""Paths, folders, globs and standard input: which pages are found, in which order, and how their bytes are read."""

import json
from pathlib import Path

import pytest

from ankiexport import SourceError, UsageError, read
from ankiexport.source import decode_source, find_pages

PAGE = "**1.** Why {0}?\n\n<details><summary>Answer</summary>\n\nFor {0}.\n\n</details>\n"


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(path.stem), "utf-8")


def found(folder: Path, *paths: object) -> list[str]:
    return [page.relative_to(folder).as_posix() for page in find_pages(map(str, paths or (folder,)))]


def test_folder_is_searched_below_in_natural_order(tmp_path):
    write(tmp_path, "lesson-10.md", "lesson-2.md", "lesson-1.md", "part-2/b.md", "part-10/a.md", "Lesson-3.md")
    assert found(tmp_path) == [
        "lesson-1.md",
        "lesson-2.md",
        "Lesson-3.md",
        "lesson-10.md",
        "part-2/b.md",
        "part-10/a.md",
    ]


def test_only_known_suffixes_are_pages(tmp_path):
    write(tmp_path, "a.txt", "b.html", "c.htm", "d.md", "e.mdx", "f.markdown", "G.HTML", "x.css", "x.py", "x", "x.json")
    assert found(tmp_path) == ["a.txt", "b.html", "c.htm", "d.md", "e.mdx", "f.markdown", "G.HTML"]


def test_hidden_files_and_folders_are_left_alone(tmp_path):
    write(tmp_path, "a.md", ".b.md", ".git/c.md", "d/.e/f.md")
    assert found(tmp_path) == ["a.md"]


def test_folder_in_a_hidden_folder_can_be_asked_for(tmp_path):
    write(tmp_path, ".hidden/a.md")
    assert found(tmp_path, tmp_path / ".hidden") == [".hidden/a.md"]


def test_file_that_is_named_is_read_whatever_its_name(tmp_path):
    write(tmp_path, ".b.md", "page.unknown")
    assert found(tmp_path, tmp_path / ".b.md", tmp_path / "page.unknown") == [".b.md", "page.unknown"]
    assert len(read(tmp_path / "page.unknown")) == 1


def test_glob_is_expanded_in_natural_order_to_pages_only(tmp_path):
    write(tmp_path, "lesson-10.md", "lesson-2.md", "lesson-2.css", "other.md", "deep/lesson-1.md")
    assert found(tmp_path, tmp_path / "lesson-*") == ["lesson-2.md", "lesson-10.md"]
    assert found(tmp_path, tmp_path / "**" / "lesson-1.md") == ["deep/lesson-1.md"]


def test_name_with_glob_signs_is_a_file_if_there_is_one(tmp_path):
    write(tmp_path, "a [1].md", "a 1.md")
    assert found(tmp_path, tmp_path / "a [1].md") == ["a [1].md"]


def test_page_given_twice_is_read_once(tmp_path):
    write(tmp_path, "a.md", "b.md")
    assert found(tmp_path, tmp_path / "b.md", tmp_path, tmp_path / "*.md") == ["b.md", "a.md"]


@pytest.mark.parametrize("name", ["missing.md", "missing", "missing/*.md", "a\x00b.md", "x" * 5000])
def test_missing_path_is_a_source_error_that_names_it(tmp_path, name):
    with pytest.raises(SourceError) as caught:
        read(tmp_path / name)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_unreadable_page_is_a_source_error(tmp_path, monkeypatch, error):
    write(tmp_path, "a.md")

    def refuse(self):
        raise error

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(SourceError, match=rf"a\.md: cannot be read: {error.strerror}"):
        read(tmp_path / "a.md")


def test_empty_folder_has_no_pages(tmp_path):
    assert read(tmp_path) == ()


def test_link_of_another_kind_is_no_path():
    with pytest.raises(UsageError, match=r"ftp://example\.org/lesson\.html"):
        read("ftp://example.org/lesson.html")


PLAIN = PAGE.format("“Café” – 4 €")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PLAIN.encode(), None),
        (PLAIN.encode("utf-8-sig"), "utf-8 with a byte order mark"),
        (PLAIN.encode("utf-16"), "utf-16-le with a byte order mark"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("cp1252"), "cp1252"),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_encoding_is_told_from_the_bytes(data, encoding):
    source = decode_source(data, name="page.md", page_format="markdown")
    assert source.text == PLAIN
    assert [problem.message for problem in source.problems] == ([f"read as {encoding}"] if encoding else [])


@pytest.mark.parametrize(
    "tag", ['<meta charset="windows-1251">', '<META http-equiv="x" content="text/html; charset=windows-1251">']
)
def test_page_of_another_script_says_its_encoding_itself(tag):
    text = f"<!DOCTYPE html><html><head>{tag}</head><body>Где север?</body></html>"
    assert decode_source(text.encode("cp1251"), name="page.html", page_format="html").text == text


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Где север?".encode("koi8-r"), "KOI8-R", "Где север?"),
        ("“Café”".encode("cp1252"), "latin1", "“Café”"),
        ('<meta charset="koi8-r">Где?'.encode("cp1251"), "windows-1251", '<meta charset="koi8-r">Где?'),
        ("Где?".encode("utf-8-sig"), "koi8-r", "Где?"),
        ("Где?".encode("utf-16-le"), "utf-16", "Где?"),
        ("café".encode("cp1252"), "utf-8", "café"),
        ("Где?".encode(), "klingon", "Где?"),
        (b"\\ud800 +2AA-", "unicode_escape", "\\ud800 +2AA-"),
        (b"\\ud800 +2AA-", "UTF7", "\\ud800 +2AA-"),
        (b"a-" * 100_000, "punycode", "a-" * 100_000),
        ("Где?".encode(), "", "Где?"),
        ("Где?".encode(), "utf-8", "Где?"),
        (b"plain", "iso-8859-1", "plain"),
    ],
)
def test_encoding_that_the_server_says_is_taken_as_browsers_do(data, charset, text):
    assert decode_source(data, name="page.html", page_format="html", charset=charset).text == text


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "iso-8859-1"])
def test_plain_page_is_told_nothing_of_its_encoding_whatever_the_server_says(charset):
    assert decode_source(b"plain", name="page.html", page_format="html", charset=charset).problems == ()


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "hex", "x" * 9999])
def test_bytes_that_are_no_text_are_none_whatever_the_server_says(charset):
    with pytest.raises(SourceError, match="not text"):
        decode_source(bytes(range(256)), name="page.html", page_format="html", charset=charset)


def test_latin_1_means_what_it_means_to_browsers():
    data = '<meta charset="iso-8859-1">“café”'.encode("cp1252")
    assert decode_source(data, name="page.html", page_format="html").text.endswith("“café”")


def test_encoding_that_nobody_knows_falls_back():
    data = '<meta charset="klingon">caf\xe9'.encode("cp1252")
    assert decode_source(data, name="page.html", page_format="html").text.endswith("café")


@pytest.mark.parametrize("data", [b"", b"a", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\n", "é".encode("cp1252")])
def test_tiny_page_is_text(data):
    assert decode_source(data, name="page.txt", page_format="text").name == "page.txt"


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"\x00", b"ab\x00cd", b"\x89PNG\r\n\x1a\n" + bytes(64), b"\xff\xfea"]
)
def test_bytes_that_are_no_text_are_a_source_error(data):
    with pytest.raises(SourceError, match=r"page\.txt"):
        decode_source(data, name="page.txt", page_format="text")


def test_line_numbers_are_those_of_the_file_with_any_line_end(tmp_path):
    text = "# Lesson\n\n" + PAGE.format("one") + "\n" + PAGE.format("two")
    for end in ("\n", "\r\n", "\r"):
        path = tmp_path / "page.md"
        path.write_bytes(text.replace("\n", end).encode())
        (page,) = read(path)
        assert [item.location.line for item in page.items] == [3, 11]


def test_page_on_standard_input_has_the_format_and_title_that_were_given(run):
    result = run("list", "--json", "--format", "markdown", "--title", "Why?", "-", input=PAGE.format("one").encode())
    (page,) = json.loads(result.stdout)["pages"]
    assert (page["source"], page["title"], page["key"], len(page["items"])) == ("-", "Why?", "why", 1)


def test_html_on_standard_input_is_told_from_its_beginning(run):
    html = b"<!DOCTYPE html><title>Up</title><p>1. Why?</p><details><summary>Answer</summary>So.</details>"
    (page,) = json.loads(run("list", "--json", "-", input=html).stdout)["pages"]
    assert [item["answer"] for item in page["items"]] == ["So."]


def test_text_on_standard_input_is_read_as_a_dump(run):
    (page,) = json.loads(run("list", "--json", "-", input=b"Up\n\n1. Why?\n\nShow answer\n\nSo.\n").stdout)["pages"]
    assert [(item["question"], item["answer"]) for item in page["items"]] == [("Why?", "So.")]


def test_unknown_format_is_refused(run):
    assert run("list", "--format", "docx", "-", input=b"").exit_code == 2


@pytest.mark.parametrize("name", ["ankiexport.toml", "ankiexport.lock", "ankiexport-manifest.jsonl"])
def test_what_ankiexport_keeps_beside_pages_is_never_read_as_one(name, run, tmp_path):
    (tmp_path / "up.md").write_text("**1.** Up?\n\n<details><summary>Answer</summary>\n\nYes.\n\n</details>\n", "utf-8")
    own = tmp_path / name
    own.write_text("", "utf-8")
    assert find_pages([own, tmp_path / "up.md"]) == {tmp_path / "up.md": tmp_path}
    for verb in ("explain", "list"):
        alone = run(verb, own)
        assert (alone.exit_code, alone.stderr.count("\n")) == (3, 1)
