"""`ankiexport preview`: which file it writes, and what it leaves alone."""

import json
import os
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


def test_a_package_is_build_s(run, pages):
    result = run("preview", pages, "-o", "deck.apkg")
    assert result.exit_code == 2 and "preview is for looking; build writes what Anki imports" in result.output
    assert not Path("deck.apkg").exists()


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json"])
def test_a_table_leaves_the_lock(run, pages, suffix):
    assert run("build", pages).exit_code == 0
    before = (pages / "ankiexport.lock").read_bytes()
    (pages / "2-planets.md").write_text("# Practice: Planets\n\n**Q:** Which one is blue?\n\n**A:** Neptune\n", "utf-8")
    result = run("preview", pages, "-o", f"look.{suffix}")
    assert result.exit_code == 0 and "since the last build: 1 added, 2 removed, 4 unchanged" in result.output
    assert "Neptune" in Path(f"look.{suffix}").read_text("utf-8")
    assert (pages / "ankiexport.lock").read_bytes() == before


@pytest.mark.parametrize("verb", ["build", "preview"])
def test_the_lock_is_never_the_output(run, pages, verb):
    assert run("build", pages, "--lock", "my.html").exit_code == 0
    before = Path("my.html").read_bytes()
    result = run(verb, pages, "--lock", "my.html", "-o", "my.html")
    assert result.exit_code == 2 and "my.html: this is the lock" in result.output
    assert Path("my.html").read_bytes() == before


def test_somebody_else_s_preview_html_is_not_replaced_unasked(run, pages):
    Path("preview.html").write_text("mine", "utf-8")
    result = run("preview", pages)
    assert result.exit_code == 2 and "preview.html: is there already, and is no preview of ankiexport" in result.output
    assert Path("preview.html").read_text("utf-8") == "mine"
    assert run("preview", pages, "-o", "preview.html").exit_code == 0
    assert run("preview", pages).exit_code == 0


def test_page_that_speaks_of_previews_is_a_page(run, tmp_path):
    text = '# Meta\n\n**Q:** What is `<meta name="generator" content="ankiexport preview">`?\n\n**A:** A mark\n'
    (tmp_path / "meta.md").write_text(text, "utf-8")
    assert len(json.loads(run("list", tmp_path / "meta.md", "--json").stdout)["pages"][0]["items"]) == 1


def test_a_device_is_not_replaced(run, pages):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here: run it on Linux or macOS")
    os.mkfifo("pipe.html")
    result = run("preview", pages, "-o", "pipe.html")
    assert result.exit_code == 5 and "it is no ordinary file" in result.output
    assert Path("pipe.html").is_fifo()


def test_nothing_found_writes_nothing(run, tmp_path):
    (tmp_path / "empty.md").write_text("# Nothing\n", "utf-8")
    assert run("preview", tmp_path / "empty.md").exit_code == 3
    assert not Path("preview.html").exists()


def test_open_shows_the_file(run, pages, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path) or 0)
    assert run("preview", pages, "--open").exit_code == 0
    assert opened == ["preview.html"]


def test_open_that_fails_is_told(run, pages, monkeypatch):
    monkeypatch.setattr("click.launch", lambda path: 1)
    result = run("preview", pages, "--open")
    assert result.exit_code == 0 and "preview.html: could not be opened from here" in result.output
