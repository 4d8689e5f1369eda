"""Pictures and recordings: where a page may have them, what becomes of those it has not."""

import base64
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import ankiexport
from ankiexport import Source, source, svg
from ankiexport.card_html import for_card
from ankiexport.plain import plain
from ankiexport.web import download

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = "**1. What is shown?**\n\n<details>\n<summary>Show answer</summary>\n\nThis: {}\n\n</details>\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "course" / "lesson").mkdir(parents=True)
    (tmp_path / "course" / "shared").mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "course" / "shared" / "far.png").write_bytes(PNG)
    (tmp_path / "course" / "lesson" / "near one.png").write_bytes(PNG)
    return tmp_path / "course"


def page_with(folder: Path, shown: str, *, given: Path | None = None, download: bool = False) -> ankiexport.Page:
    """A lesson whose answer shows this, read by its own path or as part of the folder given."""
    (folder / "lesson" / "page.md").write_text(PAGE.format(shown), "utf-8")
    (page,) = ankiexport.read(given or folder / "lesson" / "page.md", download_media=download)
    return page


def why_missing(page: ankiexport.Page) -> str:
    """The one problem of a page whose picture is not in the deck, which the card says too."""
    (problem,) = page.problems
    assert problem.location.line == 6
    assert not page.media
    assert '<span class="missing"' in page.items[0].answer
    return problem.message


def test_picture_beside_the_page_is_named_after_its_bytes(folder):
    page = page_with(folder, "![A dot](near%20one.png?v=2#x) and <img src='near one.png' width=40px height=7>")
    ((name, content),) = page.media.items()
    assert content == PNG
    assert page.items[0].answer == (
        f'This: <img src="{name}" alt="A dot" data-ankiexport-media="near%20one.png?v=2#x">'
        f' and <img src="{name}" width="40" height="7" data-ankiexport-media="near one.png">'
    )
    assert not page.problems


@pytest.mark.parametrize("address", ["../shared/far.png", "/shared/far.png", "../../course/shared/far.png"])
def test_picture_elsewhere_in_the_folder_given(folder, address):
    assert list(page_with(folder, f"![x]({address})", given=folder).media.values()) == [PNG]


@pytest.mark.parametrize(
    "address", ["../../secret.png", "../shared/far.png", "/../../secret.png", "..%2f..%2fsecret.png", "link.png"]
)
def test_no_path_leads_out_of_the_page_s_folder(folder, address):
    (folder / "lesson" / "link.png").symlink_to(folder.parent / "secret.png")
    assert "outside the page's folder" in why_missing(page_with(folder, f"![A secret]({address})"))


def test_no_path_leads_out_of_the_folder_given(folder):
    page = page_with(folder, "![A secret](../../secret.png)", given=folder)
    assert "outside the folder given" in why_missing(page)


@pytest.mark.parametrize("address", ["/etc/hostname", "file:///etc/hostname", "ftp://example.org/a.png", "blob:1"])
def test_other_places_are_not_looked_at(folder, address):
    assert "is not in the deck" in why_missing(page_with(folder, f"<img src='{address}'>"))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("gone.png", "there is no such file"),
        ("", "the page names no file"),
        (".", "there is no such file"),
        ("page.md", "it is no picture that Anki knows"),
        ("data:image/png;base64,AAA*", "not base64"),
        ("data:image/png;base64", "cut off"),
        ("data:,", "it is empty"),
        ("data:text/html,<script>x</script>", "it is no picture"),
        ("http://[", "its address cannot be read"),
    ],
)
def test_what_is_no_picture_is_told_and_the_card_says_so(folder, address, why):
    page = page_with(folder, f'<img src="{address}" alt="A lost <thing>">')
    assert why in why_missing(page)
    assert "A lost &lt;thing&gt;" in page.items[0].answer


def test_file_that_is_too_large_is_not_even_read(folder, monkeypatch):
    with (folder / "lesson" / "large.png").open("wb") as file:
        os.truncate(file.fileno(), source.LARGEST_FILE + 1)
    (folder / "lesson" / "page.md").write_text(PAGE.format("![x](large.png)"), "utf-8")
    loaded = source.fill_source(source.source_of(folder / "lesson" / "page.md"))
    monkeypatch.setattr(Path, "read_bytes", None)
    (page,) = ankiexport.read(loaded)
    assert "it is larger than 20 MB" in why_missing(page)


def test_pipe_is_no_file(folder):
    os.mkfifo(folder / "lesson" / "pipe.png")
    assert "there is no such file" in why_missing(page_with(folder, "![x](pipe.png)"))


def test_picture_that_cannot_be_read_is_told(folder, monkeypatch):
    (folder / "lesson" / "page.md").write_text(PAGE.format("![x](near%20one.png)"), "utf-8")
    loaded = source.fill_source(source.source_of(folder / "lesson" / "page.md"))

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (page,) = ankiexport.read(loaded)
    assert "it cannot be read: Permission denied" in why_missing(page)


def two_that_differ_in_pictures(folder: Path) -> list[str]:
    """The GUIDs of two questions that only their pictures tell apart."""
    both = "".join(
        f"**{number}. Major or minor? ![](chord-{number}.png)**\n\n<details>\n<summary>Show answer</summary>\n\n"
        "Minor.\n\n</details>\n\n"
        for number in (1, 2)
    )
    (folder / "lesson" / "page.md").write_text(both, "utf-8")
    return [note.guid for note in ankiexport.build(ankiexport.read(folder / "lesson" / "page.md")).notes]


def test_questions_that_only_their_pictures_tell_apart_are_two(folder):
    missing = two_that_differ_in_pictures(folder)
    assert len(set(missing)) == 2
    for number in (1, 2):
        (folder / "lesson" / f"chord-{number}.png").write_bytes(PNG + bytes(number))
    assert two_that_differ_in_pictures(folder) == missing  # whether the files are there or not
    (folder / "lesson" / "chord-1.png").write_bytes(PNG + b"drawn anew")
    assert two_that_differ_in_pictures(folder) == missing


def test_plain_text_of_a_picture_is_its_alternative_whether_it_is_there_or_not(folder):
    there = page_with(folder, "![A dot](near%20one.png) and so on").items[0]
    gone = page_with(folder, "![A dot](gone.png) and so on").items[0]
    assert plain(there.answer) == plain(gone.answer) == "This: A dot and so on"


@pytest.mark.parametrize(
    ("shown", "suffix"),
    [
        (b"GIF89a", "gif"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"<?xml version='1.0'?>\n<!-- a > b --><svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    ],
)
def test_suffix_is_what_the_bytes_say(folder, shown, suffix):
    (folder / "lesson" / "picture.php").write_bytes(shown)
    (name,) = page_with(folder, "![x](picture.php)").media
    assert name.endswith(f".{suffix}")


@pytest.mark.parametrize(
    ("tag", "content", "suffix"),
    [
        ("audio", b"ID3\x04", "mp3"),
        ("audio", b"\xff\xfb\x90", "mp3"),
        ("audio", b"OggS\x00", "ogg"),
        ("video", b"\x00\x00\x00\x18ftypmp42", "mp4"),
    ],
)
def test_recording_is_played_by_anki(folder, tag, content, suffix):
    (folder / "lesson" / "take").write_bytes(content)
    page = page_with(folder, f"<{tag} controls><source src='gone.x'><source src='take'>no</{tag}>")
    (name,) = page.media
    assert name.endswith(suffix)
    assert f'<{tag} src="{name}"' in page.items[0].answer
    assert for_card(page.items[0].answer).endswith(f"[sound:{name}]")


def test_picture_of_a_page_that_is_on_no_item_is_left_alone(folder):
    (folder / "lesson" / "page.md").write_text("![Logo](gone.png)\n\n" + PAGE.format("x"), "utf-8")
    (page,) = ankiexport.read(folder / "lesson" / "page.md")
    assert not page.problems


def test_page_that_is_no_file_has_only_what_it_carries():
    text = PAGE.format(f"<img src='a.png'><img src='data:image/png;base64,{base64.b64encode(PNG).decode()}'>")
    (page,) = ankiexport.read(Source(name="page", text=text, format="markdown"))
    assert list(page.media.values()) == [PNG]
    assert "it is neither a file beside the page nor on the web" in page.problems[0].message


@pytest.mark.parametrize("width", ["9" * 310, "-1", "1e9", "100%", "auto"])
def test_odd_width_is_none(folder, width):
    assert "width" not in page_with(folder, f"<img src='near one.png' width='{width}'>").items[0].answer


def test_placeholder_of_a_lazy_picture_is_never_the_picture(folder):
    shown = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='gone.png' alt='x'>"
    assert "there is no such file" in why_missing(page_with(folder, shown))


def test_picture_alone_is_a_question_and_a_part():
    text = (
        "<p>1. <img src='a.png'></p><details><summary>Show answer</summary><p>It.</p></details>"
        "<p>Name each.</p><p>A. <img src='b.png'></p><p>B. <img src='c.png'></p>"
        "<details><summary>Show answer</summary><p>A: one</p><p>B: two</p></details>"
    )
    (page,) = ankiexport.read(Source(name="page", text=text, format="html"))
    assert [item.kind for item in page.items] == ["self-check", "exercise", "exercise"]


# Drawings


@pytest.mark.parametrize("content", [b"<!--a-->" * 200 + b"x", b" " * 100_000 + b"x", b"<!DOCTYPE svg>" * 50])
def test_what_is_no_drawing_is_soon_known(content):
    assert svg.inert(content) is None


def test_drawing_in_a_page_is_a_file_that_xml_can_read():
    drawing = (
        "<svg viewBox='0 0 90 60' onload='x()'><linearGradient id='a'/><rect width='9' height='9' fill='url(#a)'/>"
        "<script>x()</script><image href='https://example.org/track.png' width='9' height='9'/>"
        "<foreignObject x='10' y='10' width='40' height='20'><div>A label</div></foreignObject>"
        "<a href='javascript:x()'><text>Hi</text></a>"
        "<style>@import 'https://example.org/x.css'; rect { stroke: red }</style></svg>"
    )
    (page,) = ankiexport.read(Source(name="page", text=PAGE.format(drawing), format="markdown"))
    ((name, content),) = page.media.items()
    text = content.decode()
    assert name.endswith(".svg")
    assert 'viewBox="0 0 90 60"' in text and "<linearGradient" in text
    assert "example.org" not in text and "x()" not in text
    assert '<text x="30" y="20" text-anchor="middle" dominant-baseline="central">A label</text>' in text
    assert svg.inert(content) == content


def test_drawing_that_only_decorates_goes():
    icon = "<svg width='16' height='16'><path d='M0 0h9'/></svg><svg viewBox='0 0 99 99'><use href='#x'/></svg>"
    (page,) = ankiexport.read(Source(name="page", text=PAGE.format(icon), format="markdown"))
    assert page.items[0].answer == "This:"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script><path d='M0 0h9'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><path d='M0 0h9'/></svg>",
        b"<?xml-stylesheet href='https://example.org/x.css'?><svg xmlns='http://www.w3.org/2000/svg'></svg>",
        b"<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'x()'>]><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><use href='https://example.org/x.svg#a'/></svg>",
    ],
)
def test_drawing_that_runs_or_loads_is_mended(folder, content):
    (folder / "lesson" / "bad.svg").write_bytes(content)
    ((_, mended),) = page_with(folder, "![x](bad.svg)").media.items()
    assert mended != content
    assert b"x()" not in mended and b"example.org" not in mended


def test_drawing_that_is_no_xml_is_told(folder):
    (folder / "lesson" / "bad.svg").write_text("<svg><path></svg>")
    assert "it is no picture" in why_missing(page_with(folder, "![x](bad.svg)"))


# On the web


class _Site(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012  # one site a test

    def do_GET(self) -> None:  # the name is http.server's
        self.asked.append(self.path)
        if self.path in ("/round", "/away"):
            self.send_response(302)
            self.send_header("Location", "/round" if self.path == "/round" else "file:///etc/hostname")
            self.end_headers()
            return
        self.send_response(200 if self.path != "/gone.png" else 404)
        self.end_headers()
        if self.path == "/slow.png":
            for _ in range(50):
                self.wfile.write(b"\x89")
                self.wfile.flush()
                time.sleep(0.05)
        elif self.path == "/large.png":
            self.wfile.write(PNG + bytes(10_000))
        else:
            self.wfile.write(PNG)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    _Site.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_nothing_is_fetched_unless_asked(folder, site):
    page = page_with(folder, f"![The moon]({site}/moon.png)")
    assert "it is on the web" in why_missing(page)
    assert f'<a href="{site}/moon.png">The moon</a>' in page.items[0].answer
    assert not _Site.asked


def test_what_is_on_the_web_is_fetched_once_when_asked(folder, site):
    page = page_with(folder, f"![a]({site}/moon.png) ![b]({site}/moon.png)", download=True)
    assert list(page.media.values()) == [PNG]
    assert _Site.asked == ["/moon.png"]
    assert not page.problems


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone.png", "the server answers 404"),
        ("/large.png", "it is larger than"),
        ("/slow.png", "takes longer than"),
        ("/round", "redirects"),
        ("/away", "could not be fetched"),
    ],
)
def test_what_cannot_be_fetched_is_told(folder, site, path, why, monkeypatch):
    monkeypatch.setattr(source, "LARGEST_FILE", 5_000)
    monkeypatch.setattr(download, "_LONGEST_DOWNLOAD", 0.5)
    assert why in why_missing(page_with(folder, f"![The moon]({site}{path})", download=True))


def test_server_that_is_not_there_is_told(folder):
    assert "could not be fetched" in why_missing(page_with(folder, "![x](http://127.0.0.1:9/x.png)", download=True))


def test_relative_picture_of_a_page_from_the_web_is_fetched_from_there(site):
    text = PAGE.format("![The moon](moon.png)")
    (page,) = ankiexport.read(
        Source(name="page", text=text, format="markdown", url=f"{site}/course/page/"), download_media=True
    )
    assert _Site.asked == ["/course/page/moon.png"]
    assert list(page.media.values()) == [PNG]


@pytest.mark.parametrize(
    "shown",
    [
        "<img src={dot} alt='A dot' />",
        "<img src={dot.src} alt='A dot' />",
        "<Image src={dot} alt='A dot' width={9} />",
        "<img src={require('./near one.png').default} alt='A dot' />",
        "<Image src='near one.png' alt='A dot' />",
    ],
)
def test_picture_that_a_component_imports(folder, shown):
    text = f"import dot from './near one.png';\n\n{PAGE.format(shown)}"
    (folder / "lesson" / "page.mdx").write_text(text, "utf-8")
    (page,) = ankiexport.read(folder / "lesson" / "page.mdx")
    assert list(page.media.values()) == [PNG]
    assert 'alt="A dot"' in page.items[0].answer
    assert not page.problems


def test_listing_has_no_attributes_of_our_own(folder, run):
    (folder / "lesson" / "page.md").write_text(PAGE.format("![A dot](near%20one.png) ![x](gone.png)"), "utf-8")
    listed = run("list", "--json", "--no-lock", folder / "lesson" / "page.md").stdout
    assert "data-ankiexport" not in listed
    assert 'src=\\"ankiexport-' in listed


def test_page_cannot_pass_off_its_words_as_those_of_a_missing_picture():
    text = PAGE.format('<span dir="ltr" class="missing" title="seen by nobody">seen</span>')
    (page,) = ankiexport.read(Source(name="page", text=text, format="markdown"))
    assert plain(page.items[0].answer) == "This: seen"
