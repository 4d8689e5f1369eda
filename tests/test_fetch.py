"""Pages from servers that misbehave: what is saved, what is told, and that nothing hangs or lands elsewhere."""

import base64
import gzip
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest
from fetching import files, hasty, told
from misbehaving_server import (
    Site,
    bomb,
    cut_off,
    dripping,
    dripping_headers,
    failing,
    large,
    linking,
    practice,
    redirecting,
    send,
    sending,
    silent,
)

from ankiexport.errors import AnkiExportError, OutputError, SourceError, UsageError
from ankiexport.lock import holding
from ankiexport.manifest import FILE_NAME, load_manifest
from ankiexport.progress import Progress
from ankiexport.web.addresses import is_private
from ankiexport.web.fetch import fetch

GZIP = {"Content_Encoding": "gzip", "Content_Type": "text/html"}
PAGE = practice("Up", "Which way is up?")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "saved"


def why_not(site: Site, path: str, folder: Path, **manners) -> str:
    """Why a page cannot be fetched; nothing is written then."""
    with pytest.raises(SourceError) as raised:
        fetch([site.url + path], folder, hasty(**manners))
    assert not folder.exists()
    message = str(raised.value)
    assert message.startswith(f"{site.url}{path}: ") and "\n" not in message
    return message.removeprefix(f"{site.url}{path}: ")


# One page


def test_page_is_saved_as_it_was_served_with_where_it_came_from(site, folder):
    site.pages["/ways/up.html"] = PAGE.replace("</head>", '<link rel="license" href="https://example.org/by"></head>')
    fetched = fetch([site.url + "/ways/up.html#part"], folder, hasty())
    assert files(folder) == ["ways/up.html"]
    assert (folder / "ways" / "up.html").read_text("utf-8") == site.pages["/ways/up.html"]
    (page,) = load_manifest(folder).pages
    assert (page.url, page.file, page.charset) == (f"{site.url}/ways/up.html", "ways/up.html", "utf-8")
    assert page.licence == "https://example.org/by"
    assert page.etag and datetime.fromisoformat(page.time.replace("Z", "+00:00")) <= datetime.now(timezone.utc)
    assert (fetched.failed, fetched.problems, fetched.counts["new"]) == (False, (), 1)


def test_server_is_told_who_asks(site, folder):
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    assert all(headers["user-agent"].startswith("ankiexport/") for headers in site.headers)
    assert site.asked == ["/robots.txt", "/up.html"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (sending(b"", status=404), "the server answers 404 Not Found"),
        (sending(b"", status=403), "the server answers 403 Forbidden"),
        (sending(b"", status=500), "the server answers 500 Internal Server Error"),
        (sending(b"", status=299), "the server answers 299"),
        (cut_off, "it could not be fetched: peer closed connection"),
        (silent, "the server has said nothing for 0.5 seconds"),
        (dripping, "it takes longer than 1 seconds"),
        (dripping_headers, "it takes longer than 1 seconds"),
        (bomb(50), "it is larger than 20 MB"),
        (bomb(3, layers=2), "it is packed in a way that nobody asked for: gzip, gzip"),
        (large(50, tells=True), "it is larger than 20 MB"),
        (large(50, tells=False), "it is larger than 20 MB"),
        (redirecting("/page"), "more than 5 redirects"),
        (redirecting("file:///etc/hostname"), "no web address"),
        (redirecting("http://["), "no web address"),
        (sending(b"%PDF-1.7", Content_Type="application/pdf"), "no page: application/pdf"),
        (sending(b"\x00\x01\x02" * 99, Content_Type="text/html"), "no page: not text"),
        (sending(b"\x00\x01\x02" * 99, Content_Type="text/html; charset*=a; charset*0=b"), "no page: not text"),
        (sending(b"some data", Content_Type=""), "no page: the server says no type"),
        (sending(b"<a/>", Content_Type="application/xml"), "no page: application/xml"),
        (sending(PAGE.encode(), **GZIP), "it is cut off"),
        (
            sending(gzip.compress(PAGE.encode())[:-9], Content_Encoding="gzip", Content_Type="text/html"),
            "it is cut off",
        ),
    ],
)
def test_what_cannot_be_fetched_is_told_in_a_line(site, folder, answer, why):
    site.pages["/page"] = answer
    assert why in why_not(site, "/page", folder, retries=1)


def test_server_that_is_not_there_is_told(folder, site):
    site.close()
    assert "could not be fetched: Connection refused" in why_not(site, "/page", folder)


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://example.org/", "example.org", "file:///etc/hostname", "http://", "http://["),
        *("http://example.org/\udc80", "http://\udc80:secret@example.org/"),
    ],
)
def test_what_is_no_web_address_is_told(address, folder):
    with pytest.raises(UsageError, match="no web address"):
        fetch([address], folder)


@pytest.mark.parametrize("proxy", ["nonsense://127.0.0.1", "socks5://127.0.0.1", "http://127.0.0.1:x"])
def test_proxy_that_is_of_no_use_is_told(site, folder, monkeypatch, proxy):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(UsageError, match="the environment names are of no use"):
        fetch([site.url + "/page"], folder, hasty())


def test_certificates_that_are_not_there_are_told(site, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))
    with pytest.raises(UsageError, match="the environment names are of no use"):
        fetch([site.url + "/page"], folder, hasty())


@pytest.mark.parametrize("pause", [float("nan"), float("inf"), 1e300, -1.0])
def test_pause_that_nobody_waits_is_told(pause):
    with pytest.raises(UsageError, match="give one between 0 and 3600"):
        hasty(pause=pause)


def test_glob_that_is_no_unicode_is_told():
    with pytest.raises(UsageError, match="bytes that are no UTF-8"):
        hasty(match=("\udc80*",))


def test_failure_that_passes_is_tried_again(site, folder):
    site.pages["/page"] = failing(500, 503, page=PAGE)
    fetch([site.url + "/page"], folder, hasty())
    assert site.counts["/page"] == 3
    assert files(folder) == ["page.html"]


def test_server_says_when_to_come_again(site, folder):
    site.pages["/page"] = failing(429, page=PAGE, Retry_After="1")
    fetch([site.url + "/page"], folder, hasty())
    first, second = (at for path, at in zip(site.asked, site.times, strict=True) if path == "/page")
    assert second - first >= 1


@pytest.mark.parametrize("date", [False, True])
def test_server_that_wants_to_be_left_alone_for_long_is(site, folder, date):
    moment = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=3600), usegmt=True)
    site.pages["/page"] = failing(429, page=PAGE, Retry_After=moment if date else "3600")
    message = why_not(site, "/page", folder)
    assert "the server answers 429 Too Many Requests; it asks to wait 3" in message and message.endswith(
        "try again then"
    )
    assert site.counts["/page"] == 1


def test_redirect_is_followed_and_remembered(site, folder):
    site.pages |= {"/old": redirecting("/new/up.html", 301), "/new/up.html": PAGE}
    fetch([site.url + "/old"], folder, hasty())
    (page,) = load_manifest(folder).pages
    assert (page.url, page.asked, page.file) == (f"{site.url}/new/up.html", (f"{site.url}/old",), "new/up.html")


def test_redirect_to_another_site_is_told(site, folder):
    other = Site()
    site.pages["/"] = redirecting(f"{other.url}/up.html")
    other.pages["/up.html"] = PAGE
    fetched = fetch([site.url + "/"], folder, hasty())
    other.close()
    assert told(fetched) == [f"{site.url}/: note: it is redirected to another site: {other.url}/up.html"]


def test_password_is_used_for_its_site_and_kept_nowhere(site, folder, tmp_path):
    def answer(handler):
        if handler.headers.get("Authorization") != "Basic " + base64.b64encode(b"ada:s3cret").decode():
            sending(b"", status=401)(handler)
        else:
            sending(PAGE.encode(), Content_Type="text/html")(handler)

    site.pages["/page"] = answer
    fetched = fetch([f"http://ada:s3cret@{site.host}/page"], folder, hasty())
    assert files(folder) == ["page.html"] and not fetched.problems
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) > 2
    assert not [path for path in kept if b"s3cret" in path.read_bytes() or b"YWRhOnMzY3JldA" in path.read_bytes()]


def test_password_stands_in_no_message(site, folder):
    with pytest.raises(SourceError) as raised:
        fetch([f"http://ada:s3cret@{site.host}/gone"], folder, hasty())
    assert "s3cret" not in str(raised.value)


# Robots


def test_robots_forbid(site, folder):
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /private/\n"
    site.pages["/private/up.html"] = PAGE
    assert why_not(site, "/private/up.html", folder) == "robots.txt forbids it"
    assert site.asked == ["/robots.txt"]


def test_robots_that_cannot_be_had_forbid_everything(site, folder):
    site.pages |= {"/robots.txt": sending(b"", status=500), "/up.html": PAGE}
    assert "its robots.txt cannot be had: the server answers 500" in why_not(site, "/up.html", folder)
    assert "/up.html" not in site.asked


def test_robots_are_asked_at_each_hop(site, folder):
    site.pages["/robots.txt"] = "User-agent: ankiexport\nDisallow: /private/\n"
    site.pages |= {"/up.html": redirecting("/private/up.html"), "/private/up.html": PAGE}
    assert why_not(site, "/up.html", folder) == "robots.txt forbids it"
    assert "/private/up.html" not in site.asked


def test_longer_pause_than_anybody_waits_is_told(site, folder):
    site.pages |= {"/robots.txt": "User-agent: *\nCrawl-delay: 900\n", "/up.html": PAGE}
    fetched = fetch([site.url + "/up.html"], folder, hasty(longest_delay=0.1))
    message = "it asks for 900 seconds between two requests; they are 0.1 apart"
    assert told(fetched) == [f"{site.url}/robots.txt: note: {message}"]


def test_few_are_asked_for_at_once_with_a_pause_between(site, folder):
    names = [f"/c/{number}.html" for number in range(8)]
    site.pages["/c/"] = linking(*names)
    site.pages |= {name: practice(name, name) for name in names}
    fetch([site.url + "/c/"], folder, hasty(pause=0.05))
    assert site.most_at_once <= 2
    assert site.times[-1] - site.times[0] >= 0.05 * (len(site.times) - 2)


# Names


@pytest.mark.parametrize(
    "path",
    ["/../../escaped.html", "/%2e%2e/%2e%2e/escaped.html", "/..%2f..%2fescaped.html", "/a/..%5c..%5cescaped.html"],
)
def test_name_that_would_escape_the_folder_does_not(site, folder, tmp_path, path):
    for asked in {path, "/escaped.html", path.replace("%2f", "%2F").replace("%5c", "%5C")}:
        site.pages[asked] = PAGE
    before = set(tmp_path.iterdir())
    fetch([site.url + path], folder, hasty())
    assert set(tmp_path.iterdir()) - before == {folder, tmp_path / "cache"}
    (name,) = files(folder)
    assert name.endswith("escaped.html") and ".." not in Path(name).parts


def test_link_in_the_folder_leads_nowhere_else(site, folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    folder.mkdir()
    (folder / "ways").symlink_to(tmp_path / "elsewhere")
    site.pages["/ways/up.html"] = PAGE
    with pytest.raises(OutputError, match="a link leads out of the folder"):
        fetch([site.url + "/ways/up.html"], folder, hasty())
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_file_of_somebody_else_is_never_written_over(site, folder):
    folder.mkdir()
    (folder / "up.html").write_text("my own", "utf-8")
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    assert (folder / "up.html").read_text("utf-8") == "my own"
    assert len(files(folder)) == 2


# Again


def test_second_run_fetches_what_changed(site, folder):
    site.pages |= {"/c/": linking("a", "b"), "/c/a": practice("A", "What is a?"), "/c/b": practice("B", "What is b?")}
    fetch([site.url + "/c/"], folder, hasty())
    site.pages["/c/b"] = practice("B", "What was b?")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert (fetched.counts["unchanged"], fetched.counts["changed"], fetched.counts["new"]) == (2, 1, 0)
    assert "What was b?" in (folder / "c" / "b.html").read_text("utf-8")
    assert files(folder) == ["c/a.html", "c/b.html", "c/index.html"]


def test_second_run_asks_only_whether_a_page_has_changed(site, folder):
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    site.forget()
    fetch([site.url + "/up.html"], folder, hasty())
    assert [headers.get("if-none-match") is not None for headers in site.headers] == [False, True]


def test_edit_of_ones_own_stays_until_the_page_changes_and_then_too(site, folder):
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    (folder / "up.html").write_text("mended", "utf-8")
    assert fetch([site.url + "/up.html"], folder, hasty()).counts["unchanged"] == 1
    site.pages["/up.html"] = practice("Up", "Which way was up?")
    for _ in range(2):
        fetched = fetch([site.url + "/up.html"], folder, hasty())
        assert fetched.counts["edited"] == 1
        assert "it has changed there and in this folder" in fetched.problems[0].message
        assert (folder / "up.html").read_text("utf-8") == "mended"
    (folder / "up.html").unlink()
    fetch([site.url + "/up.html"], folder, hasty())
    assert "Which way was up?" in (folder / "up.html").read_text("utf-8")


def test_page_that_is_gone_from_the_site_stays_and_is_told_once(site, folder):
    site.pages |= {"/c/": linking("a"), "/c/a": practice("A", "What is a?")}
    fetch([site.url + "/c/"], folder, hasty())
    del site.pages["/c/a"]
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert told(fetched) == [f"{site.url}/c/a: warning: the server answers 404 Not Found; its copy stays"]
    assert not fetched.failed
    assert files(folder) == ["c/a.html", "c/index.html"]
    assert told(fetch([site.url + "/c/"], folder, hasty())) == []


def test_page_that_the_site_lists_no_more_stays_and_is_told_once(site, folder):
    site.pages |= {"/c/": linking("a"), "/c/a": practice("A", "What is a?")}
    fetch([site.url + "/c/"], folder, hasty())
    site.pages["/c/"] = linking("b")
    assert f"{site.url}/c/a: warning: the site lists it no more; its copy stays" in told(
        fetch([site.url + "/c/"], folder, hasty())
    )
    assert files(folder) == ["c/a.html", "c/index.html"]
    assert not any("lists it no more" in line for line in told(fetch([site.url + "/c/"], folder, hasty())))


def test_start_that_is_gone_from_the_site_is_told_each_time(site, folder):
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    del site.pages["/up.html"]
    for _ in range(2):
        fetched = fetch([site.url + "/up.html"], folder, hasty())
        assert told(fetched) == [f"{site.url}/up.html: warning: the server answers 404 Not Found; its copy stays"]
        assert fetched.failed
    assert files(folder) == ["up.html"]


def test_page_that_has_moved_keeps_its_file(site, folder):
    site.pages |= {"/c/": linking("a"), "/c/a": practice("A", "What is a?")}
    fetch([site.url + "/c/"], folder, hasty())
    site.pages |= {"/c/": linking("a", "b"), "/c/a": redirecting("/c/b"), "/c/b": practice("A", "What was a?")}
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert (fetched.counts["changed"], fetched.problems) == (2, ())
    assert files(folder) == ["c/a.html", "c/index.html"]
    assert [(page.url, page.file) for page in load_manifest(folder).pages] == [
        (f"{site.url}/c/", "c/index.html"),
        (f"{site.url}/c/b", "c/a.html"),
    ]


def test_address_that_was_another_s_becomes_a_page_of_its_own(site, folder):
    site.pages |= {"/c/": linking("a", "b"), "/c/a": practice("A", "What?"), "/c/b": redirecting("/c/a")}
    fetch([site.url + "/c/"], folder, hasty())
    site.pages["/c/b"] = practice("B", "What else?")
    fetch([site.url + "/c/"], folder, hasty())
    manifest = load_manifest(folder)
    assert manifest.file_of(f"{site.url}/c/a") != manifest.file_of(f"{site.url}/c/b")
    assert [page.asked for page in manifest.pages] == [(), (), ()]


def test_page_that_fails_for_once_stays_and_the_run_says_so(site, folder):
    site.pages |= {"/c/": linking("a", "b"), "/c/a": practice("A", "What is a?"), "/c/b": practice("B", "What is b?")}
    fetch([site.url + "/c/"], folder, hasty())
    site.pages["/c/a"] = sending(b"", status=500)
    fetched = fetch([site.url + "/c/"], folder, hasty(retries=0))
    assert fetched.failed
    assert told(fetched) == [f"{site.url}/c/a: warning: the server answers 500 Internal Server Error; its copy stays"]
    assert [page.file for page in load_manifest(folder).pages] == ["c/index.html", "c/b.html", "c/a.html"]


def test_pages_of_two_runs_keep_their_order(site, folder):
    for course in "ab":
        site.pages[f"/{course}/"] = practice(course, course) + linking("1", "2")
        site.pages |= {f"/{course}/{n}": practice(f"{course}{n}", f"What is {course}{n}?") for n in (1, 2)}
    for course in "abab":
        fetch([f"{site.url}/{course}/"], folder, hasty())
    wanted = ["a/index.html", "a/1.html", "a/2.html", "b/index.html", "b/1.html", "b/2.html"]
    assert [page.file for page in load_manifest(folder).pages] == wanted


def test_two_runs_in_one_folder_wait_for_each_other(site, folder, monkeypatch):
    monkeypatch.setattr("ankiexport.lock._BUSY_AFTER", 0.1)
    site.pages["/up.html"] = PAGE
    import multiprocessing

    with holding(folder / FILE_NAME):
        context = multiprocessing.get_context("fork")
        answers = context.SimpleQueue()

        def other():
            try:
                fetch([site.url + "/up.html"], folder, hasty())
            except AnkiExportError as error:
                answers.put(str(error))

        process = context.Process(target=other)
        process.start()
        assert answers.get() == f"{folder / FILE_NAME}: another fetch into this folder is still running"
        process.join()


@pytest.mark.parametrize("damage", [b"no database at all" * 200, b""])
def test_cache_that_is_damaged_is_made_anew(site, folder, tmp_path, damage, capfd):
    site.pages["/up.html"] = PAGE
    fetch([site.url + "/up.html"], folder, hasty())
    (tmp_path / "cache" / "http.db").write_bytes(damage)
    for _ in range(2):
        site.forget()
        assert fetch([site.url + "/up.html"], folder, hasty()).counts["unchanged"] == 1
    assert any("if-none-match" in headers for headers in site.headers)
    assert capfd.readouterr().err == ""


def test_runs_at_the_same_time_share_a_cache(site, tmp_path):
    names = [f"/c/{number}.html" for number in range(15)]
    site.pages["/c/"] = linking(*names)
    site.pages |= {name: practice(name, name) for name in names}
    command = [sys.executable, "-m", "ankiexport", "fetch", f"{site.url}/c/", "--pause", "0", "-o"]
    for expected in ("16 new", "16 unchanged"):
        folders = [str(tmp_path / f"saved-{number}") for number in range(3)]
        runs = [subprocess.Popen([*command, folder], stderr=subprocess.PIPE, text=True) for folder in folders]
        for run, folder in zip(runs, folders, strict=True):
            assert run.communicate(timeout=60)[1] == f"{folder}/: 16 pages, {expected}\n"


def test_packed_page_is_saved_unpacked_also_from_the_cache(site, folder):
    def answer(handler):
        if handler.headers.get("If-None-Match") == '"packed"':
            send(handler, b"", status=304, ETag='"packed"')
        else:
            send(handler, gzip.compress(PAGE.encode()), ETag='"packed"', **GZIP)

    site.pages["/up.html"] = answer
    for _ in range(2):
        fetch([site.url + "/up.html"], folder, hasty())
        assert (folder / "up.html").read_text("utf-8") == PAGE
        (folder / "up.html").unlink()


def test_cache_that_cannot_be_written_is_none(site, folder, tmp_path, monkeypatch, capfd):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ANKIEXPORT_CACHE", str(tmp_path / "file" / "cache"))
    site.pages["/up.html"] = PAGE
    assert fetch([site.url + "/up.html"], folder, hasty()).counts["new"] == 1
    assert capfd.readouterr().err == ""


def test_watch_is_told_of_each_page(site, folder):
    site.pages |= {"/c/": linking("a", "b"), "/c/a": practice("A", "What is a?"), "/c/b": practice("B", "What is b?")}
    seen: list[Progress] = []
    fetch([site.url + "/c/"], folder, hasty(), watch=seen.append)
    assert [(it.done, it.last.removeprefix(site.url), it.how) for it in seen] == [
        (1, "/c/", "new"),
        (2, "/c/a", "new"),
        (3, "/c/b", "new"),
    ]
    assert seen[-1].total == 3


def test_site_that_stops_answering_is_not_asked_for_the_rest(site, folder):
    names = [f"/c/{number}.html" for number in range(30)]
    site.pages["/c/"] = linking(*names)
    site.pages |= {name: practice(name, name) for name in names}

    def watch(progress):
        if progress.done == 3:
            site.pages |= dict.fromkeys(names, cut_off)

    fetched = fetch([site.url + "/c/"], folder, hasty(retries=1), watch=watch)
    assert fetched.failed
    assert any("the site does not answer any more; 2" in line for line in told(fetched))
    assert load_manifest(folder).finished is None
    assert len(fetched.problems) < 10


# Pictures


def test_pictures_come_along_when_they_are_wanted(site, folder):
    page = PAGE.replace("</details>", '<img src="dot.png?v=2" alt="A dot"></details>')
    site.pages |= {"/c/up.html": page, "/c/dot.png?v=2": PNG}
    site.types["/c/dot.png?v=2"] = "image/png"
    fetch([site.url + "/c/up.html"], folder, hasty())
    assert files(folder) == ["c/up.html"]
    fetched = fetch([site.url + "/c/up.html"], folder, hasty(media=True))
    assert fetched.counts["media"] == 1 and len(files(folder)) == 2
    (picture,) = load_manifest(folder).media
    assert (folder / picture.file).read_bytes() == PNG


def test_more_pictures_than_the_limit_are_told(site, folder):
    shown = "".join(f'<img src="{number}.png">' for number in range(5))
    site.pages["/up.html"] = PAGE.replace("</details>", f"{shown}</details>")
    site.pages |= {f"/{number}.png": PNG for number in range(5)}
    site.types |= {f"/{number}.png": "image/png" for number in range(5)}
    fetched = fetch([site.url + "/up.html"], folder, hasty(media=True, most_media=3))
    assert told(fetched) == [f"{site.url}/up.html: warning: there are more pictures and recordings than the limit of 3"]
    assert fetched.counts["media"] == 3


def test_picture_that_is_a_page_is_none(site, folder):
    page = PAGE.replace("</details>", '<img src="dot.html" alt="A dot"></details>')
    site.pages |= {"/up.html": page, "/dot.html": PAGE}
    fetched = fetch([site.url + "/up.html"], folder, hasty(media=True))
    assert told(fetched) == [f"{site.url}/dot.html: note: no picture and no recording: text/html"]
    assert files(folder) == ["up.html"]


def test_picture_called_like_a_page_is_not_read_as_one(site, folder):
    page = PAGE.replace("</details>", '<img src="dot.html" alt="A dot"></details>')
    site.pages |= {"/up.html": page, "/dot.html": PNG}
    site.types["/dot.html"] = "image/png"
    fetch([site.url + "/up.html"], folder, hasty(media=True))
    assert files(folder) == ["dot.html.media", "up.html"]


def test_page_cannot_make_us_ask_in_our_own_network(site, folder):
    inner = Site()
    inner.pages["/dot.png"] = PNG
    page = PAGE.replace("</details>", f'<img src="{inner.url}/dot.png"></details>')
    site.pages["/up.html"] = page
    fetch([site.url + "/up.html"], folder, hasty(media=True))
    inner.close()
    assert inner.asked == []


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "10.0.0.1"])
def test_machine_of_our_own_network_is_known_however_it_is_written(host):
    assert is_private(f"http://{host}/")
    assert not is_private("https://1.example.org/")


def test_picture_that_is_called_like_a_toml_says_nothing_of_the_course(site, folder):
    page = PAGE.replace("</details>", '<img src="ankiexport.toml" alt="A dot"></details>')
    site.pages |= {"/up.html": page, "/ankiexport.toml": "[course]"}
    site.types["/ankiexport.toml"] = "image/png"
    fetch([site.url + "/up.html"], folder, hasty(media=True))
    assert len(files(folder)) == 2 and "ankiexport.toml" not in files(folder)


# The command


def test_command_says_what_it_did(site, run):
    site.pages |= {"/c/": linking("a", "b.pdf"), "/c/a": practice("A", "What is a?")}
    result = run("fetch", f"{site.url}/c/", "--pause", 0)
    name = f"{site.host.replace(':', '-')}-c"
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines() == [
        f"{site.url}/c/b.pdf: note: no page: application/pdf",
        f"{name}/: 2 pages, 2 new",
    ]
    result = run("fetch", f"{site.url}/c/", "--pause", 0, "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_page_that_failed_among_many_is_a_line_and_a_status(site, run, tmp_path):
    site.pages |= {"/c/": linking("a", "b"), "/c/a": large(21, tells=True), "/c/b": practice("B", "What is b?")}
    result = run("fetch", f"{site.url}/c/", "--pause", 0, "-o", tmp_path / "saved")
    assert result.exit_code == 4
    assert result.stderr.splitlines() == [
        f"{site.url}/c/a: warning: it is larger than 20 MB",
        f"{tmp_path / 'saved'}/: 2 pages, 2 new",
    ]


def test_start_that_cannot_be_fetched_is_a_line_and_a_status(site, run, tmp_path):
    result = run("fetch", f"{site.url}/gone", "-o", tmp_path / "saved")
    assert (result.exit_code, result.stderr) == (4, f"ankiexport: {site.url}/gone: the server answers 404 Not Found\n")


def test_site_that_is_not_there_leaves_the_folder_as_it_is(site, run, tmp_path):
    site.pages["/up.html"] = PAGE
    run("fetch", f"{site.url}/up.html", "-o", tmp_path / "saved")
    before = {path: path.read_bytes() for path in (tmp_path / "saved").iterdir()}
    site.close()
    result = run("fetch", f"{site.url}/up.html", "-o", tmp_path / "saved")
    assert result.exit_code == 4
    assert "could not be fetched: Connection refused" in result.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "saved").iterdir()} == before


def test_folder_that_cannot_be_written_is_a_line_and_a_status(site, run, tmp_path):
    site.pages["/a/up.html"] = PAGE
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a").touch()
    (tmp_path / "file").touch()
    result = run("fetch", f"{site.url}/a/up.html", "-o", tmp_path / "file" / "saved")
    assert (result.exit_code, len(result.stderr.splitlines())) == (5, 1)
    assert run("fetch", f"{site.url}/a/up.html", "-o", tmp_path / "file").exit_code == 2
    assert run("fetch", f"{site.url}/a/up.html", "-o", tmp_path / "saved").exit_code == 0
    assert (tmp_path / "saved" / "a").read_bytes() == b""


def test_page_that_may_be_a_course_is_told_how_to_be_one(site, run):
    site.pages |= {"/c": PAGE, "/up.html": PAGE}
    advice = f"{site.url}/c: this page alone; {site.url}/c/ or --match GLOB takes those below it"
    assert run("fetch", f"{site.url}/c").stderr.splitlines()[1:] == [advice]
    assert len(run("fetch", f"{site.url}/up.html").stderr.splitlines()) == 1


def test_each_page_is_told_when_that_is_wanted(site, run):
    site.pages["/up.html"] = PAGE
    assert f"{site.url}/up.html: new" in run("fetch", f"{site.url}/up.html", "-v").stderr.splitlines()
    assert run("fetch", f"{site.url}/up.html", "-v", "-q").exit_code == 2


def test_manifest_is_never_read_as_a_page(site, run, tmp_path):
    site.pages["/up.html"] = PAGE
    run("fetch", f"{site.url}/up.html", "-o", tmp_path / "saved")
    listing = json.loads(run("list", "--json", tmp_path / "saved").stdout)
    assert [Path(page["source"]).name for page in listing["pages"]] == ["up.html"]
    assert run("list", tmp_path / "saved" / FILE_NAME).exit_code != 0
