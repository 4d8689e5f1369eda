"""The Python API: `read`, `build`, `write`, with paths or with pages in memory; nothing is printed."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

import ankiexport
from ankiexport import Course, NoItemError, OutputError, Page, Report, Source, SourceError, UsageError

TEXT = "**1.** Which way is up?\n\n<details><summary>Answer</summary>\n\nAway from the *ground*.\n\n</details>\n"
SOURCE = Source(name="https://maps.example/up", text=TEXT, format="markdown", title="Up", url="https://maps.example/up")


def test_three_stages_from_a_folder_to_a_file(tmp_path, capsys):
    (tmp_path / "up.md").write_text(f"# Up\n\n{TEXT}", "utf-8")
    pages = ankiexport.read(str(tmp_path))
    course = ankiexport.build(pages, course="Ways and maps")
    report = ankiexport.write(course, tmp_path / "ways.apkg")
    assert isinstance(pages, tuple) and isinstance(pages[0], Page)
    assert isinstance(course, Course) and (course.id, course.name) == ("ways-and-maps", "Ways and maps")
    assert report == Report(new=1)
    assert (tmp_path / "ways.apkg").stat().st_size > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["up.md", "ways.apkg"]
    assert capsys.readouterr() == ("", "")


def test_page_that_your_own_code_fetched_is_read(tmp_path):
    (page,) = ankiexport.read(SOURCE)
    (item,) = page.items
    assert (page.title, page.url, item.location.source) == ("Up", "https://maps.example/up", "https://maps.example/up")
    assert (item.kind, item.question, item.answer) == (
        "self-check",
        "Which way is up?",
        "Away from the <em>ground</em>.",
    )
    course = ankiexport.build([page], course="Ways")
    assert [deck.name for deck in course.decks] == ["Ways::Up"]
    assert ankiexport.write(course, str(tmp_path / "ways.apkg")).new == 1


def test_paths_and_pages_in_memory_mix(tmp_path):
    (tmp_path / "down.md").write_text(f"# Down\n\n{TEXT}", "utf-8")
    pages = ankiexport.read([SOURCE, tmp_path / "down.md"])
    assert [page.title for page in pages] == ["Up", "Down"]


def test_page_in_memory_and_the_same_page_in_a_file_have_one_guid(tmp_path):
    (tmp_path / "up.md").write_text(f"# Up\n\n{TEXT}", "utf-8")
    builds = [ankiexport.build(ankiexport.read(given), course="Ways") for given in (SOURCE, tmp_path)]
    assert builds[0].notes[0].guid == builds[1].notes[0].guid


def test_generator_of_pages_will_do():
    assert len(ankiexport.read(source for source in [SOURCE])) == 1
    assert len(ankiexport.build((page for page in ankiexport.read(SOURCE)), course="Ways").notes) == 1


def test_no_pages_make_no_notes():
    assert ankiexport.read([]) == ()
    assert ankiexport.build([], course="Ways").notes == ()


def test_building_twice_gives_the_same_course(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    pages = ankiexport.read(SOURCE)
    assert ankiexport.build(pages, course="Ways") == ankiexport.build(pages, course="Ways")
    assert ankiexport.build(pages, course="Ways").notes[0].modified == 1700000000


def test_mod_time_that_is_no_number_is_a_usage_error(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        ankiexport.build(ankiexport.read(SOURCE), course="Ways")


def test_build_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ankiexport.build(ankiexport.read(SOURCE), course="Ways")
    assert list(tmp_path.iterdir()) == []


def test_what_flows_between_the_stages_is_frozen():
    (page,) = ankiexport.read(SOURCE)
    note = ankiexport.build([page], course="Ways").notes[0]
    for value in (page, page.items[0], note, page.source):
        assert is_dataclass(value)
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, "x")


@pytest.mark.parametrize(("error", "status"), [(UsageError, 2), (NoItemError, 3), (SourceError, 4), (OutputError, 5)])
def test_errors_are_one_tree_and_know_the_exit_status(error, status):
    assert issubclass(error, ankiexport.AnkiExportError)
    assert error("x").exit_status == status


def test_every_public_name_is_there_and_a_wrong_one_is_not():
    assert [name for name in ankiexport.__all__ if not hasattr(ankiexport, name)] == []
    with pytest.raises(AttributeError):
        ankiexport.no_such_name  # noqa: B018  # the attribute is the test


def test_help_loads_no_heavy_library():
    code = (
        "import sys, ankiexport.cli;"
        "heavy = {'genanki', 'lxml', 'markdown_it', 'yaml', 'nh3'} & set(sys.modules);"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""


@pytest.mark.parametrize(
    "module", "card_html changes decks history identity lock markup notetype past plain reidentify".split()
)
def test_what_needs_no_page_loads_no_parser(module):
    code = (
        f"import sys, ankiexport.{module};"
        "heavy = {'lxml', 'markdown_it', 'nh3', 'rapidfuzz', 'ankiexport.readers', 'ankiexport.kinds'};"
        "sys.exit(f'loaded: {sorted(heavy & set(sys.modules))}' if heavy & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""


def test_page_of_html_is_read_without_the_parser_of_markdown():
    code = (
        "import sys, ankiexport;"
        "ankiexport.read(ankiexport.Source(name='x', text='<p>1. Why?</p>', format='html'));"
        "sys.exit('markdown_it' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).returncode == 0


def test_package_says_that_it_is_typed(root):
    assert (root / "ankiexport" / "py.typed").exists()
