"""Decks of pages on the web: the same as of the pages saved, with and without a network."""

import base64
import json
from pathlib import Path

import pytest
from misbehaving_server import linking, practice, sending

import ankiexport
from ankiexport.finding import find_sources
from ankiexport.lock import load_lock
from ankiexport.web.manners import Fetching, Manners

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PROMPT = ("--pause", "0")


@pytest.fixture
def course(site):
    """A course of two lessons, in the order two, one; with a picture, and a page in another encoding."""
    picture = '<img src="/img/dot.png" alt="A dot">'
    site.pages |= {
        "/c/": linking("two/", "one/"),
        "/c/one/": practice("One", "What is one?").replace("</details>", f"{picture}</details>"),
        "/c/two/": practice("Two", "Что такое два?").encode("koi8-r"),
        "/img/dot.png": PNG,
    }
    site.types |= {"/c/two/": "text/html; charset=KOI8-R", "/img/dot.png": "image/png"}
    return site


@pytest.fixture
def name(course):
    return f"{course.host.replace(':', '-')}-c"


def listed(run, *arguments):
    result = run("list", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("media", [False, True])
def test_deck_of_an_address_is_that_of_the_saved_pages(course, name, run, day, media, tmp_path):
    wanted = ["--media"] if media else []
    assert run("fetch", f"{course.url}/c/", *PROMPT, *wanted).exit_code == 0
    assert run("build", name, "-o", "saved.apkg").exit_code == 0
    wanted = ["--download-media"] if media else []
    result = run("build", f"{course.url}/c/", *PROMPT, *wanted, "-o", "web.apkg")
    assert result.exit_code == 0, result.output
    deck = (tmp_path / "working-folder" / "web.apkg").read_bytes()
    assert deck == (tmp_path / "working-folder" / "saved.apkg").read_bytes()
    assert (PNG in deck) == media


def test_lessons_have_the_order_of_the_site_and_link_there(course, run, name):
    run("fetch", f"{course.url}/c/", *PROMPT)
    pages = ankiexport.read(name)
    assert [page.title for page in pages if page.items] == ["Two", "One"]
    assert pages[1].url == f"{course.url}/c/two/"
    assert pages[1].items[0].question.endswith("Что такое два?")


def test_pages_of_ones_own_come_behind_those_of_the_site(course, run, name, tmp_path):
    run("fetch", f"{course.url}/c/", *PROMPT)
    (tmp_path / "working-folder" / name / "a.md").write_text("# Mine\n\nQ: What?\n\nA: This.\n", "utf-8")
    assert [page.title for page in ankiexport.read(name) if page.items] == ["Two", "One", "Mine"]
    (page,) = ankiexport.read(tmp_path / "working-folder" / name / "c" / "one" / "index.html")
    assert page.url == f"{course.url}/c/one/"


def test_sites_in_folders_of_one_folder_keep_their_orders(course, run, tmp_path):
    for folder in ("all/2-second", "all/10-tenth"):
        run("fetch", f"{course.url}/c/", *PROMPT, "-o", folder)
    Path("all/own.md").write_text("# Mine\n\nQ: What?\n\nA: This.\n", "utf-8")
    found = [source.path.relative_to("all").as_posix() for source in find_sources(["all"])]
    lessons = ("c/index.html", "c/two/index.html", "c/one/index.html")
    assert found == ["own.md", *(f"{folder}/{file}" for folder in ("2-second", "10-tenth") for file in lessons)]


def test_toml_overrules_where_cards_link_to(course, run, name, tmp_path):
    run("fetch", f"{course.url}/c/", *PROMPT)
    toml = '[[page]]\nfile = "c/one/index.html"\nurl = "https://example.org/one"\n'
    (tmp_path / "working-folder" / name / "ankiexport.toml").write_text(toml, "utf-8")
    assert ankiexport.read(name)[0].url == "https://example.org/one"


def test_lock_of_an_address_is_in_the_working_folder_and_names_no_file(course, run, name):
    result = run("build", f"{course.url}/c/", *PROMPT)
    assert f"{name}.lock: new" in result.stderr
    assert sorted(path.suffix for path in Path().iterdir() if path.is_file()) == [".apkg", ".lock"]
    lock = load_lock(Path(f"{name}.lock"))
    assert {page.file for page in lock.pages} == {None}
    again = run("build", f"{course.url}/c/", *PROMPT)
    assert "2 unchanged" in again.stderr


def test_reworded_question_keeps_its_note(course, run):
    run("build", f"{course.url}/c/", *PROMPT)
    course.pages["/c/one/"] = practice("One", "What is the one?").replace("The answer to What is the one?", "Unity")
    course.pages["/c/one/"] = course.pages["/c/one/"].replace("Unity", "The answer to What is one?")
    result = run("diff", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 1
    assert "1 reworded, 1 unchanged" in result.stdout


def test_problems_name_the_address_with_the_line(course, run):
    course.pages["/c/one/"] = (
        "<title>One</title>\n<main><h1>One</h1>\n<details><summary>Show answer</summary></details>"
    )
    result = run("check", f"{course.url}/c/", *PROMPT)
    assert f"{course.url}/c/one/:3: " in result.stdout


def test_page_on_the_web_is_explained_as_a_part_of_its_course(course, run):
    listing = listed(run, f"{course.url}/c/", *PROMPT)
    guid = next(page["items"][0]["guid"] for page in listing["pages"] if page["title"] == "One")
    run("build", f"{course.url}/c/", *PROMPT)
    assert guid in run("explain", f"{course.url}/c/one/:1").stdout
    course.forget()
    result = run("explain", f"{course.url}/c/one/", "--json")
    assert guid in result.stdout and course.asked == []


def test_page_that_was_never_read_is_fetched_to_be_explained(course, run):
    result = run("explain", f"{course.url}/c/one/:1")
    assert result.exit_code == 0, result.output
    assert "What is one?" in result.stdout
    assert "/c/two/" not in course.asked


def test_whole_copy_does_without_a_network(course, run):
    before = listed(run, f"{course.url}/c/", *PROMPT)
    course.close()
    result = run("build", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 0, result.output
    assert (
        f"{course.url}/c/:1: warning: it could not be fetched: Connection refused; read from the copy of "
        in result.stderr
    )
    assert "2 notes in 2 decks" in result.stderr
    after = listed(run, f"{course.url}/c/", *PROMPT)
    assert [page["items"] for page in after["pages"]] == [page["items"] for page in before["pages"]]


def test_without_a_copy_there_is_nothing(course, run):
    course.close()
    result = run("build", f"{course.url}/c/")
    assert (result.exit_code, list(Path().iterdir())) == (4, [])
    assert result.stderr == f"ankiexport: {course.url}/c/: it could not be fetched: Connection refused\n"


def test_page_that_fails_for_once_keeps_its_notes(course, run):
    run("build", f"{course.url}/c/", *PROMPT)
    course.pages["/c/one/"] = sending(b"", status=403)
    result = run("build", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 0, result.output
    assert f"{course.url}/c/one/:1: warning: the server answers 403 Forbidden; its copy stays" in result.stderr
    assert "2 unchanged" in result.stderr


def test_page_in_the_place_of_one_that_is_gone_takes_over(course, run):
    run("build", f"{course.url}/c/", *PROMPT)
    del course.pages["/c/one/"]
    course.pages |= {"/c/": linking("two/", "uno/"), "/c/uno/": practice("One", "What is one?", "And more?")}
    result = run("build", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 0, result.output
    assert f"{course.url}/c/one/:1: note: skipped: it is gone from its site" in result.stderr
    assert "3 notes in 2 decks: 1 changed, 1 new, 1 unchanged" in result.stderr  # its card links to the new place


def test_two_pages_of_one_title_are_told_how_to_tell_apart(course, run):
    course.pages |= {"/c/": linking("one/", "uno/"), "/c/uno/": practice("One", "What else?")}
    result = run("build", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "fetch the pages into a folder" in line and str(course.url) in line


def test_glob_and_limit_choose_pages(course, run):
    listing = listed(run, f"{course.url}/c/", *PROMPT, "--match", "*/one/")
    assert [page["source"] for page in listing["pages"]] == [f"{course.url}/c/", f"{course.url}/c/one/"]
    listing = listed(run, f"{course.url}/c/", *PROMPT, "--limit", "2")
    assert [page["source"] for page in listing["pages"]] == [f"{course.url}/c/", f"{course.url}/c/two/"]


@pytest.mark.parametrize("verb", ["list", "diff"])
def test_verbs_that_tell_of_no_page_tell_what_was_not_fetched(course, run, verb):
    result = run(verb, f"{course.url}/c/", *PROMPT, "--limit", "2")
    assert "warning: there are more pages than the limit of 2" in result.stderr


@pytest.mark.parametrize("option", [("--match", "*"), ("--limit", "1"), ("--pause", "0")])
def test_options_of_the_web_want_an_address(run, tmp_path, option):
    (tmp_path / "page.md").write_text("# A\n", "utf-8")
    result = run("list", tmp_path / "page.md", *option)
    assert (result.exit_code, result.stderr) == (
        2,
        "ankiexport: --match, --limit and --pause speak of pages on the web: give a URL\n",
    )


def test_address_and_files_are_one_course(course, run, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "own.md").write_text("# Own\n\nQ: What?\n\nA: This.\n", "utf-8")
    listing = listed(run, folder, f"{course.url}/c/one/", *PROMPT)
    assert listing["course"]["name"] == "mine"
    assert [page["title"] for page in listing["pages"]] == ["Own", "One"]


def test_library_reads_addresses(course):
    fetching = Fetching(manners=Manners(pause=0))
    pages = ankiexport.read(f"{course.url}/c/", fetching=fetching)
    assert [page.title for page in pages if page.items] == ["Two", "One"]


def test_preview_shows_pages_on_the_web(course, run):
    result = run("preview", f"{course.url}/c/", *PROMPT)
    assert result.exit_code == 0, result.output
    assert Path("preview.html").is_file()
