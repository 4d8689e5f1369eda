"""The command: verbs, exit statuses, the JSON listing, and what it leaves behind."""

import json
import os
import re
import subprocess
import sys
import zipfile

import click
import pytest

from ankiexport import __version__
from ankiexport.cli import main

VERBS = sorted(main.commands)  # type: ignore[attr-defined]  # a click group
VERBS_OF_PAGES = sorted(set(VERBS) - {"fetch", "verify"})
VERBS_OF_ITEMS = sorted(set(VERBS_OF_PAGES) - {"explain"})  # that have nothing to say of a page without one
TEXT = "**1.** Which way is up?\n\n<details><summary>Answer</summary>\n\nAway from the ground.\n\n</details>\n"
KEYED = (
    "Name the way.\n\nA. North.\n\nB. South.\n\nC. East.\n\n"
    "<details><summary>Answer</summary>\n\nA. Up.\n\nC. Right.\n\n</details>\n"
)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "up.md"
    path.write_text(f"# Up\n\n{TEXT}", "utf-8")
    return path


@pytest.fixture
def empty_page(tmp_path):
    path = tmp_path / "nothing.md"
    path.write_text("# Nothing\n", "utf-8")
    return path


# Verbs


@pytest.mark.parametrize("verb", VERBS)
def test_verb_has_help(verb, run):
    result = run(verb, "--help")
    assert result.exit_code == 0
    first = main.commands[verb].help.splitlines()[0]  # type: ignore[attr-defined]
    assert first.endswith(".") and first in result.output
    undocumented = [p.name for p in main.commands[verb].params if isinstance(p, click.Option) and not p.help]  # type: ignore[attr-defined]
    assert undocumented == []


@pytest.mark.parametrize("verb", VERBS)
def test_verb_stands_in_the_readme(verb, root):
    assert re.search(rf"ankiexport {verb}\b", (root / "README.md").read_text("utf-8"))


def test_readme_names_no_verb_that_is_not_there(root):
    blocks = re.findall(r"^```sh\n(.*?)^```", (root / "README.md").read_text("utf-8"), re.M | re.S)
    named = {verb for block in blocks for verb in re.findall(r"\bankiexport ([a-z]+)\b", block)}
    assert named and named <= set(VERBS)


def test_module_runs_as_the_command_does():
    run = subprocess.run([sys.executable, "-m", "ankiexport", "--version"], capture_output=True, text=True)
    assert run.stdout.split()[-1] == __version__


def test_command_alone_shows_its_help(run):
    assert all(verb in run("--help").output for verb in VERBS)


# build


def test_build_writes_a_file_called_like_the_course_into_the_working_folder(page, run, tmp_path):
    result = run("build", "--course", "Ways & maps", page)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == "ways-maps.apkg: 1 note in 1 deck: 1 new"
    assert [path.name for path in (tmp_path / "working-folder").iterdir()] == ["ways-maps.apkg"]
    assert zipfile.is_zipfile("ways-maps.apkg")


def test_build_writes_its_lock_and_its_cache_alone_beside_the_pages(page, run, tmp_path):
    before = set(tmp_path.iterdir())
    run("build", page)
    assert set(tmp_path.iterdir()) - before == {tmp_path / "ankiexport.lock", tmp_path / ".ankiexport_cache"}


def test_build_without_a_lock_writes_nothing_beside_the_pages(page, run, tmp_path):
    before = sorted(tmp_path.iterdir())
    run("build", "--no-lock", page)
    assert sorted(tmp_path.iterdir()) == before


def test_build_writes_where_it_is_told(page, run, tmp_path):
    result = run("build", page, "-o", tmp_path / "deck.apkg")
    assert result.exit_code == 0
    assert zipfile.is_zipfile(tmp_path / "deck.apkg")
    assert list((tmp_path / "working-folder").iterdir()) == []


def test_problems_go_to_stderr_and_do_not_change_the_status(run, tmp_path):
    path = tmp_path / "keyed.md"
    path.write_text(f"# Keyed\n\n{KEYED}", "utf-8")
    result = run("build", path)
    assert result.exit_code == 0
    assert f"{path}:7: warning: part B has no answer in the key" in result.stderr.splitlines()


# check


def test_check_of_a_good_page_says_so(page, run, tmp_path):
    (tmp_path / "ankiexport.toml").write_text('[course]\nname = "Ways"\nid = "ways"\n', "utf-8")
    result = run("check", "--strict", page)
    sums = "1 reveal, 1 used, 0 left; 0 questions without an answer; 0 answers without a question"
    assert (result.exit_code, result.stdout) == (0, f"{page}: {sums}\n")
    assert result.stderr == "1 page, 1 item: 0 errors, 0 warnings, 0 notes\n"


def test_check_shows_each_problem_with_its_line(run, tmp_path):
    path = tmp_path / "keyed.md"
    path.write_text(f"# Keyed\n\n{KEYED}", "utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path}:7: warning: part B has no answer in the key" in result.stdout.splitlines()


def test_notes_fail_the_check_only_when_it_is_strict(page, run):
    assert run("check", page).exit_code == 0
    assert run("check", "--strict", page).exit_code == 1


# list


def test_list_shows_lessons_by_kinds(page, run, tmp_path):
    (tmp_path / "keyed.md").write_text(f"# Keyed\n\n{KEYED}", "utf-8")
    result = run("list", "--course", "Ways", tmp_path)
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["lesson", "self-check", "exercise", "flashcard", "all"],
        ["Keyed", "0", "2", "0", "2"],
        ["Up", "1", "0", "0", "1"],
        ["Ways", "1", "2", "0", "3"],
    ]


def test_list_writes_nothing(page, run, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    run("list", "--json", page)
    run("list", page)
    assert sorted(tmp_path.rglob("*")) == before


JSON_CONTRACT = {
    "source": str,
    "key": str,
    "title": str,
    "deck": str,
    "items": list,
    "problems": list,
}
ITEM_CONTRACT = {
    "guid": str,
    "kind": str,
    "label": (str, type(None)),
    "section": (str, type(None)),
    "question": str,
    "answer": str,
    "context": (str, type(None)),
    "explanation": (str, type(None)),
    "question_html": str,
    "answer_html": str,
    "line": (int, type(None)),
}
PROBLEM_CONTRACT = {"line": (int, type(None)), "severity": str, "message": str, "code": str}


def assert_has(found, contract):
    assert contract.keys() <= found.keys()
    assert {key: found[key] for key, wanted in contract.items() if not isinstance(found[key], wanted)} == {}


def test_json_listing_has_the_keys_and_types_of_the_contract(page, run, tmp_path):
    (tmp_path / "keyed.md").write_text(f"# Keyed\n\n## Ways\n\n{KEYED}", "utf-8")
    listing = json.loads(run("list", "--json", "--course", "Ways", tmp_path).stdout)
    assert listing["course"] == {"id": "ways", "name": "Ways"}
    for listed in listing["pages"]:
        assert_has(listed, JSON_CONTRACT)
        for item in listed["items"]:
            assert_has(item, ITEM_CONTRACT)
            assert item["kind"] in ("self-check", "exercise", "flashcard")
        for problem in listed["problems"]:
            assert_has(problem, PROBLEM_CONTRACT)
            assert problem["severity"] in ("error", "warning", "note")
    keyed, up = listing["pages"]
    assert (up["items"][0]["label"], keyed["items"][0]["label"]) == (None, "A")
    assert (keyed["items"][0]["section"], keyed["items"][0]["context"]) == ("Ways", "Name the way.")
    assert (up["deck"], up["items"][0]["line"], up["source"]) == ("Ways::Up", 3, str(page))


def test_json_listing_gives_plain_text(run, tmp_path):
    path = tmp_path / "plain.md"
    path.write_text(
        "# Plain\n\n**1.** Is `a < b` & *so* on?\n\n- one\n- two\n\n<details><summary>Answer</summary>\n\n"
        "1. first\n2. second\n\n```\nif a:\n    b\n```\n\nBy $a^2$.\n\n</details>\n",
        "utf-8",
    )
    (item,) = json.loads(run("list", "--json", path).stdout)["pages"][0]["items"]
    assert item["question"] == "Is a < b & so on?\n- one\n- two"
    assert item["answer"] == "1. first\n2. second\nif a:\n    b\nBy \\(a^2\\)."
    assert "<code>a &lt; b</code> &amp; <em>so</em>" in item["question_html"]


def test_guid_of_the_listing_is_the_one_that_build_gives(page, run):
    (item,) = json.loads(run("list", "--json", "--course", "Ways", page).stdout)["pages"][0]["items"]
    run("build", "--course", "Ways", "-o", "ways.apkg", page)
    with zipfile.ZipFile("ways.apkg") as package:
        assert item["guid"].encode() in package.read("collection.anki2")


def test_listing_without_items_is_an_object_too(empty_page, run):
    result = run("list", "--json", "--course", "Ways", empty_page)
    assert result.exit_code == 3
    listing = json.loads(result.stdout)
    assert listing["course"] == {"id": "ways", "name": "Ways"}
    assert [listed["items"] for listed in listing["pages"]] == [[]]
    assert listing["pages"][0]["problems"][0]["severity"] == "note"


def test_listing_of_an_empty_folder_is_an_object_too(run, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("list", "--json", tmp_path / "empty")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["pages"] == []


# Exit statuses


@pytest.mark.parametrize("verb", ["build", "check", "list", "lock"])
def test_page_without_an_item_among_others_is_a_note(verb, page, empty_page, run):
    result = run(verb, page, empty_page)
    assert result.exit_code == 0
    if verb != "list":
        assert f"{empty_page}:1: note: no question with an answer on this page" in result.output


@pytest.mark.parametrize("verb", VERBS_OF_ITEMS)
def test_input_without_an_item_is_status_3(verb, empty_page, run, tmp_path):
    result = run(verb, empty_page)
    assert result.exit_code == 3
    assert str(empty_page) in result.stderr
    assert list((tmp_path / "working-folder").iterdir()) == []


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"fetch"}))  # which takes no paths
def test_missing_path_is_status_4(verb, run, tmp_path):
    result = run(verb, tmp_path / "missing.md")
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    assert str(tmp_path / "missing.md") in line


@pytest.mark.parametrize("verb", VERBS)
def test_missing_argument_and_unknown_option_are_status_2(verb, page, run):
    assert run(verb).exit_code == 2
    assert run(verb, "--no-such-option", page).exit_code == 2
    assert run("no-such-verb", page).exit_code == 2


@pytest.mark.parametrize("verb", VERBS_OF_PAGES)
def test_broken_toml_is_status_2(verb, page, run, tmp_path):
    (tmp_path / "ankiexport.toml").write_text("[course\n", "utf-8")
    result = run(verb, page)
    assert result.exit_code == 2
    assert "ankiexport.toml:1: not valid TOML" in result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "collection.apkg",
        "Collection.APKG",
        "backup-1.apkg",
        "backup-2026-11-21.apkg",
        "deck.zip",
        "deck",
        "deck.apkg.txt",
    ],
)
def test_output_with_a_dangerous_or_unknown_name_is_status_2(name, page, run, tmp_path):
    result = run("build", page, "-o", tmp_path / name)
    assert result.exit_code == 2
    assert name in result.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("course", ["collection", "Backup 1"])
def test_course_whose_default_file_has_a_dangerous_name_is_status_2(course, page, run, tmp_path):
    assert run("build", page, "--course", course).exit_code == 2
    assert list((tmp_path / "working-folder").iterdir()) == []


def test_output_in_a_missing_folder_is_status_5(page, run, tmp_path):
    result = run("build", page, "-o", tmp_path / "missing" / "deck.apkg")
    assert result.exit_code == 5
    assert str(tmp_path / "missing" / "deck.apkg") in result.stderr


def test_output_that_is_a_folder_is_status_5(page, run, tmp_path):
    (tmp_path / "deck.apkg").mkdir()
    assert run("build", page, "-o", tmp_path / "deck.apkg").exit_code == 5
    assert list((tmp_path / "deck.apkg").iterdir()) == []


# Here the removal of the temporary file, which was never made, raises an OSError of its own.
@pytest.mark.parametrize("name", ["up.md/deck.apkg", "x" * 300 + ".apkg"], ids=["below a file", "too long a name"])
def test_output_that_the_system_refuses_is_status_5(name, page, run):
    assert run("build", page, "-o", page.parent / name).exit_code == 5


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_write_that_fails_leaves_the_old_file_and_nothing_else(error, page, run, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "deck.apkg").write_text("the old deck")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(zipfile.ZipFile, "writestr", fail)
    result = run("build", page, "-o", folder / "deck.apkg")
    assert result.exit_code == 5
    assert f"{folder / 'deck.apkg'}: cannot be written: {error.strerror}" in result.stderr
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("deck.apkg", "the old deck")]


def test_build_over_an_old_file_replaces_it_and_leaves_no_temporary_file(page, run, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "deck.apkg").write_text("the old deck")
    assert run("build", page, "-o", folder / "deck.apkg").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["deck.apkg"]
    assert zipfile.is_zipfile(folder / "deck.apkg")


@pytest.mark.skipif(sys.platform == "win32", reason="the shell decides on the encoding of a pipe")
def test_output_is_utf_8_whatever_the_locale(tmp_path):
    page = tmp_path / "北.md"
    page.write_text(f"# 北 – “north”\n\n{TEXT}", "utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "ankiexport", "list", "--json", page]
    run = subprocess.run(command, capture_output=True, env=environment)
    assert json.loads(run.stdout.decode("utf-8"))["pages"][0]["title"] == "北 – “north”"
    assert run.stderr == b""
