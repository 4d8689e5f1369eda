"""The manifest of a folder of fetched pages: what is read of it, and what a run that is killed leaves."""

import json
import os
from dataclasses import replace

import pytest

from ankiexport.errors import OutputError, UsageError
from ankiexport.manifest import FILE_NAME, Journal, Manifest, SavedPage, find_manifest, load_manifest, save_manifest


def saved(name, **more):
    known = {"time": "2026-01-02T03:04:05Z", "sha256": "0" * 64}
    return SavedPage(url=f"https://example.org/{name}/", file=f"{name}/index.html", **known, **more)


@pytest.fixture
def manifest(tmp_path):
    pages = (saved("b", licence="CC BY 4.0", asked=("https://example.org/b",)), saved("a", charset="koi8-r"))
    picture = saved("dot", media=True)
    times = {"begun": "2026-01-02T03:04:05Z", "finished": "2026-01-02T03:05:05Z"}
    starts = ("https://example.org/",)
    return Manifest(folder=tmp_path, starts=starts, host="example.org", saved=(*pages, picture), **times)


def test_manifest_is_read_as_it_was_written(manifest, tmp_path):
    save_manifest(manifest)
    assert load_manifest(tmp_path) == manifest


def test_pages_have_the_order_of_the_site_and_pictures_are_apart(manifest, tmp_path):
    save_manifest(manifest)
    read = load_manifest(tmp_path)
    assert [page.file for page in read.pages] == ["b/index.html", "a/index.html"]
    assert [page.file for page in read.media] == ["dot/index.html"]
    assert read.place_of(tmp_path / "a" / "index.html") == 1
    assert read.page_at(tmp_path / "own.html") is None
    assert read.file_of("https://example.org/b") == tmp_path / "b" / "index.html"


def test_folder_without_a_manifest_has_none(tmp_path):
    assert load_manifest(tmp_path) is None


def test_manifest_is_found_above_a_page(manifest, tmp_path):
    save_manifest(manifest)
    assert find_manifest(tmp_path / "a" / "index.html").pages == manifest.pages


def test_run_that_goes_on_is_read_to_its_last_whole_line(manifest, tmp_path):
    save_manifest(manifest)
    journal = Journal(tmp_path)
    running = replace(manifest, finished=None)
    journal.begin(running)
    journal.add(saved("b", etag='"2"'))
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"url": "https://example.org/c/", "fi')
    read = load_manifest(tmp_path)
    assert read.finished is None
    assert [(page.file, page.etag) for page in read.pages] == [("a/index.html", None), ("b/index.html", '"2"')]
    journal.begin(running)
    journal.add(saved("c"))
    assert [page.file for page in load_manifest(tmp_path).pages] == ["a/index.html", "b/index.html", "c/index.html"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("<<<<<<< HEAD", "damaged: not a line"),
        ("[]", "damaged: not a line"),
        ('{"url": "https://example.org/"}', "damaged: a line with url"),
        ('{"url": 1, "file": "a.html", "time": "", "sha256": ""}', "damaged: a line with url"),
        ('{"url": "javascript:x", "file": "a.html", "time": "", "sha256": ""}', "no web address"),
        ('{"url": "https://example.org/", "file": "\\ud800.html", "time": "", "sha256": ""}', "damaged: not a line"),
        ('{"manifest": 2}', "update ankiexport"),
        ('{"manifest": 1}', "no manifest has such a head"),
    ],
)
def test_damage_is_told_with_its_line(manifest, tmp_path, line, why):
    save_manifest(manifest)
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(UsageError, match=why) as raised:
        load_manifest(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / FILE_NAME}:5: ")


@pytest.mark.parametrize(
    "file",
    [
        *("../a.html", "/etc/passwd", "a/../../b.html", "", "C:/a.html", "a\\..\\..\\b", "a\0"),
        *(".git/config", "a/.hidden.html", "ankiexport.toml", "a/Ankiexport.LOCK", FILE_NAME),
    ],
)
def test_manifest_that_names_a_file_elsewhere_is_refused(manifest, tmp_path, file):
    save_manifest(manifest)
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as out:
        record = {"url": "https://example.org/x", "file": file, "time": "", "sha256": "0"}
        out.write(json.dumps(record) + "\n")
    with pytest.raises(UsageError, match="no file of a page in this folder"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("file", ["b/index.html", "B/index.html"])
def test_a_file_holds_one_page(manifest, tmp_path, file):
    save_manifest(manifest)
    before = {page.url for page in load_manifest(tmp_path).pages}
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as out:
        record = {"url": "https://example.org/x", "file": file, "time": "", "sha256": "0"}
        out.write(json.dumps(record) + "\n")
    after = {page.url for page in load_manifest(tmp_path).pages}
    assert after == before - {"https://example.org/b/"} | {"https://example.org/x"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipe_in_its_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / FILE_NAME)
    with pytest.raises(UsageError, match="it is no file"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("is_there", [True, False])
def test_link_in_its_place_that_leads_out_of_the_folder_is_not_written(manifest, tmp_path, is_there):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "site"
    folder.mkdir()
    if is_there:
        elsewhere.touch()
    (folder / FILE_NAME).symlink_to(elsewhere)
    with pytest.raises(OutputError, match="a link leads out of the folder"):
        Journal(folder).begin(manifest)
    assert elsewhere.exists() == is_there and not (is_there and elsewhere.read_bytes())


def test_file_behind_a_link_out_of_the_folder_is_not_given(manifest, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "a").symlink_to(tmp_path / "elsewhere")
    save_manifest(replace(manifest, folder=folder))
    assert load_manifest(folder).file_of("https://example.org/a/") is None
