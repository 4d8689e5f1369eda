"""`ankiexport preview`: which file it writes, and what it leaves alone."""

import json
from pathlib import Path

import pytest


def test_preview_writes_one_file_and_no_lock(run, pages):
    before = sorted(pages.iterdir())
    result = run("preview", pages)
    assert result.exit_code == 0 and result.output.endswith("preview.html: 6 notes in 2 decks\n")
    assert sorted(pages.iterdir()) == before and [path.name for path in Path().iterdir()] == ["preview.html"]


def test_same_pages_give_the_same_bytes(run, pages):
    run("preview", pages, "-o", "one.html")
    run("preview", pages, "-o", "other.html")
    assert Path("one.html").read_bytes() == Path("other.html").read_bytes()


def test_preview_beside_the_pages_is_no_page(run, pages):
    run("preview", pages, "-o", pages / "preview.html")
    listed = json.loads(run("list", pages, "--json").stdout)
    assert [page["key"] for page in listed["pages"]] == ["stars", "planets"]
    result = run("list", pages / "preview.html")
    assert result.exit_code == 4 and "ankiexport wrote this preview itself" in result.output


@pytest.mark.parametrize("verb", ["preview", "build"])
def test_page_is_never_overwritten(run, tmp_path, verb):
    page = tmp_path / "page.html"
    page.write_text("<h1>Q</h1><details><summary>What is it?</summary>A page.</details>", "utf-8")
    before = page.read_bytes()
    result = run(verb, page, "-o", page)
    assert result.exit_code == 2 and "this is one of the pages" in result.output
    assert page.read_bytes() == before


def test_preview_is_html_or_pdf(run, pages):
    result = run("preview", pages, "-o", "deck.apkg")
    assert result.exit_code == 2 and "a preview is an .html or a .pdf" in result.output
    assert not Path("deck.apkg").exists()


def test_nothing_found_writes_nothing(run, tmp_path):
    (tmp_path / "empty.md").write_text("# Nothing\n", "utf-8")
    Path("preview.html").write_text("mine", "utf-8")
    assert run("preview", tmp_path / "empty.md").exit_code == 3
    assert Path("preview.html").read_text("utf-8") == "mine"


def test_open_shows_the_file(run, pages, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path))
    assert run("preview", pages, "--open").exit_code == 0
    assert opened == ["preview.html"]
