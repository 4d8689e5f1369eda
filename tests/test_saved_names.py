"""What the files of fetched pages are called: like their addresses, and on every system a file of their own."""

from pathlib import PurePosixPath

import pytest

from ankiexport.manifest import OWN_NAMES, is_inner
from ankiexport.web.names import Names, folder_name

HOST = "https://example.org"


@pytest.fixture
def names(tmp_path):
    return Names(tmp_path, "example.org")


@pytest.mark.parametrize(
    ("path", "media_type", "file"),
    [
        ("/", "text/html", "index.html"),
        ("/a/b/", "text/html", "a/b/index.html"),
        ("/a/b", "text/html", "a/b.html"),
        ("/a/b.html", "text/html", "a/b.html"),
        ("/a/b.htm", "application/xhtml+xml", "a/b.htm"),
        ("/a/b.php", "text/html", "a/b.php.html"),
        ("/a/b.md", "text/plain", "a/b.md"),
        ("/a/b.md", "text/html", "a/b.md.html"),
        ("/a/b", "text/markdown", "a/b.md"),
        ("/a/b.Rmd", "text/plain", "a/b.Rmd"),
        ("/a/b", "text/plain", "a/b.txt"),
        ("/a//b", "text/html", "a/b.html"),
        ("/%C3%A4/%E4%B8%AD.html", "text/html", "ä/中.html"),
        ("/.hidden/.page", "text/html", "hidden/page.html"),
        ("/a%20b.html", "text/html", "a b.html"),
        ("/a%2Fb.html", "text/html", "a-b.html"),
        ("/a%5Cb.html", "text/html", "a-b.html"),
        ("/a%00b%0A.html", "text/html", "a-b-.html"),
        ("/con/aux.html", "text/html", "con_/aux_.html"),
        ("/a./b%20/c.html", "text/html", "a/b/c.html"),
    ],
)
def test_name_is_like_the_address(names, path, media_type, file):
    assert names.choose(HOST + path, media_type) == file


def test_other_hosts_have_a_folder_of_their_own(names):
    assert names.choose("https://other.example:8080/a.html", "text/html") == "other.example-8080/a.html"


def test_query_is_a_mark(names):
    one, two = (names.choose(f"{HOST}/a.php?page={number}", "text/html") for number in (1, 2))
    assert one != two
    assert one.startswith("a.php-") and one.endswith(".html")


@pytest.mark.parametrize(
    "paths",
    [
        ("/A.html", "/a.html"),
        ("/%C3%A4.html", "/a%CC%88.html"),
        ("/a", "/a.html"),
        ("/a/", "/a/index.html"),
        ("/a.html", "/a.html/b.html"),
        ("/a.html/b.html", "/a.html"),
        ("/%3F.html", "/%2A.html"),
        ("/..%2Fa.html", "/-a.html"),
    ],
)
def test_names_that_some_system_takes_for_one_are_two(names, paths, tmp_path):
    files = [names.choose(HOST + path, "text/html") for path in paths]
    assert len({file.casefold() for file in files}) == 2
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch(exist_ok=False)


@pytest.mark.parametrize(
    "path",
    [
        "/" + "long" * 200,
        "/" + "%E4%B8%AD" * 200,
        "/" + "/".join(["folder"] * 100),
        "/%2E%2E/%2E%2E/a",
        "/C:/a",
        "/%EF%BC%8E%EF%BC%8E/a",
        "/~a/$a`a;a&a|a",
        "/%ED%B2%80",
        "/%E2%80%AEtxt.exe",
        "/ /",
    ],
)
def test_any_name_can_be_written_and_stays_inside(names, tmp_path, path):
    file = names.choose(HOST + path, "text/html")
    assert is_inner(file) and len(file.encode("utf-8")) <= 200
    assert all(len(part.encode("utf-8")) <= 200 and not part.startswith(".") for part in file.split("/"))
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(b"x")
    assert (tmp_path / file).resolve().is_relative_to(tmp_path.resolve())


@pytest.mark.parametrize(
    "name", ["ankiexport.toml", "AnkiExport.TOML.", "ankiexport.lock%20", "ankiexport-manifest.jsonl"]
)
def test_site_names_no_file_that_says_what_to_build(names, name):
    file = names.choose(f"{HOST}/a/{name}", "image/png", media=True)
    assert file.startswith("a/") and PurePosixPath(file).name.casefold() not in OWN_NAMES


@pytest.mark.parametrize("path", ["/a.html", "/" + "/".join(["folder"] * 100)])
def test_no_file_is_taken_twice_however_often_the_manifest_was_lost(tmp_path, path):
    for _ in range(4):
        file = tmp_path / Names(tmp_path, "example.org").choose(HOST + path, "text/html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(exist_ok=False)


@pytest.mark.parametrize(
    ("urls", "name"),
    [
        ((f"{HOST}/statistics/",), "example.org-statistics"),
        ((f"{HOST}/",), "example.org"),
        ((f"{HOST}/a/b.html",), "example.org-a-b"),
        ((f"{HOST}/a/index.html",), "example.org-a"),
        ((f"{HOST}/a/1/practice/", f"{HOST}/a/2/practice/"), "example.org-a"),
        ((f"{HOST}/a/", "https://other.example/a/"), "example.org-other.example"),
        (("http://127.0.0.1:8000/c/",), "127.0.0.1-8000-c"),
    ],
)
def test_folder_is_called_after_the_site(urls, name):
    assert folder_name(urls) == name
