"""What others install: readers, pairers, finders and writers, each from a package that the test builds."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

CODE = '''
from dataclasses import replace
from ankiexport import Document, Found, Html, Item, ReaderPlugin, Source
from ankiexport.readers.html import read as read_html


def read_cards(source: Source) -> Document:
    """`front = back` on each line."""
    rows = [line.partition("=") for line in source.text.split("\\n")]
    html = "\\n".join(
        f"<details><summary>What is {front.strip()}?</summary><p>{back.strip()}</p></details>" if mark else ""
        for front, mark, back in rows
    )
    return read_html(replace(source, text=html))


reader = ReaderPlugin(suffixes=(".cards",), read=read_cards)


def pair(blocks, title):
    """`Riddle: …` with the next paragraph."""
    paired, left = [], list(blocks)
    while left:
        block = left.pop(0)
        if block.text.startswith("Riddle:") and left:
            block = replace(
                block, tag="reveal", summary=block, children=(left.pop(0),), role="question", shape="riddle"
            )
        paired.append(block)
    return paired


def find(lead, trail):
    """A reveal that nothing stands above asks for its summary."""
    if lead.blocks or not lead.reveal.summary:
        return None
    summary = lead.reveal.summary
    item = Item(
        kind="flashcard",
        shape="bare",
        question=summary.html,
        answer=Html("".join(block.html for block in lead.answer)),
        fingerprint_text=summary.text,
        location=lead.reveal.location,
    )
    return Found(items=(item,))


def find_wrong(lead, trail):
    return Found(items=(replace(find(lead, trail).items[0], kind="riddle"),))


def write(course, path):
    path.write_text("\\n".join(note.item.question for note in course.notes), "utf-8")


def fail(*arguments):
    raise RuntimeError("out of order\\nand of luck")


broken_reader = ReaderPlugin(suffixes=(".cards",), read=fail)
'''

MOSS = "<details><summary>Moss</summary>\n\nGrows north.\n\n</details>\n"
UP = "<details><summary>Is it up?</summary>\n\nYes.\n\n</details>\n"


@pytest.fixture
def install(tmp_path):
    """Installs a distribution of these entry points, by group; returns the environment that knows it."""

    def install(entries, name="cards-for-anki", code=CODE):
        folder = tmp_path / "site"
        told = folder / f"{name.replace('-', '_')}-1.0.dist-info"
        told.mkdir(parents=True)
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
        lines = [line for group, entry in entries.items() for line in (f"[{group}]", entry)]
        (told / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (folder / f"{name.replace('-', '_')}.py").write_text(code, "utf-8")
        paths = [str(folder), *sys.path]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}

    return install


def run(environment, *arguments, cwd):
    command = [sys.executable, "-m", "ankiexport", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=cwd)


def write_page(folder, name, text):
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    (pages / name).write_text(textwrap.dedent(text), "utf-8")
    return pages


def questions(result):
    assert result.stdout, result.stderr
    return [item["question"] for page in json.loads(result.stdout)["pages"] for item in page["items"]]


def test_installed_reader_reads_the_files_of_its_suffix(install, tmp_path):
    environment = install({"ankiexport.readers": "cards = cards_for_anki:reader"})
    pages = write_page(tmp_path, "ways.cards", "\nnorth = up\n")
    result = run(environment, "list", "--json", "--no-lock", pages, cwd=tmp_path)
    assert questions(result) == ["What is north?"]
    assert json.loads(result.stdout)["pages"][0]["items"][0]["line"] == 2


def test_file_of_an_unknown_suffix_stays_no_page(tmp_path, install):
    environment = install({"ankiexport.readers": "cards = cards_for_anki:reader"})
    pages = write_page(tmp_path, "ways.other", "north = up")
    assert run(environment, "list", "--json", pages, cwd=tmp_path).returncode == 3


def test_standard_input_may_have_an_installed_format(install, tmp_path):
    environment = install({"ankiexport.readers": "cards = cards_for_anki:reader"})
    command = [sys.executable, "-m", "ankiexport", "list", "--json", "--no-lock", "--format", "cards", "-"]
    result = subprocess.run(
        command, input="north = up\n", capture_output=True, text=True, encoding="utf-8", env=environment, cwd=tmp_path
    )
    assert questions(result) == ["What is north?"]


def test_unknown_format_of_standard_input_is_one_line(tmp_path, install):
    environment = install({"ankiexport.readers": "cards = cards_for_anki:reader"})
    result = run(environment, "list", "--format", "scroll", "-", cwd=tmp_path)
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert "'scroll'" in result.stderr and "markdown" in result.stderr and "cards" in result.stderr


def test_installed_pairer_finds_pairs_of_its_own(install, tmp_path):
    environment = install({"ankiexport.pairs": "riddles = cards_for_anki:pair"})
    pages = write_page(tmp_path, "one.md", "# Ways\n\nRiddle: it is up\n\nNorth.\n")
    result = run(environment, "list", "--json", "--no-lock", pages, cwd=tmp_path)
    assert questions(result) == ["Riddle: it is up"]


def test_installed_finder_is_asked_after_ours(install, tmp_path):
    environment = install({"ankiexport.kinds": "bare = cards_for_anki:find"})
    pages = write_page(tmp_path, "one.md", f"{MOSS}\n{UP}")
    result = run(environment, "list", "--json", "--no-lock", pages, cwd=tmp_path)
    assert questions(result) == ["Moss", "Is it up?"]
    told = run(environment, "explain", "--no-lock", f"{pages / 'one.md'}:1", cwd=tmp_path)
    assert "bare made: flashcard" in told.stdout


def test_installed_writer_writes_the_files_of_its_suffix(install, tmp_path):
    environment = install({"ankiexport.writers": "lines = cards_for_anki:write"})
    pages = write_page(tmp_path, "one.md", UP)
    result = run(environment, "build", "--no-lock", "-o", "deck.lines", pages, cwd=tmp_path)
    assert (result.returncode, (tmp_path / "deck.lines").read_text("utf-8")) == (0, "Is it up?")


BROKEN = [
    ("ankiexport.readers", "cards = cards_for_anki:broken_reader", "out of order and of luck"),
    ("ankiexport.readers", "cards = cards_for_anki:no_such_thing", "no_such_thing"),
    ("ankiexport.readers", "cards = no_such_module:reader", "no_such_module"),
    ("ankiexport.readers", "cards = cards_for_anki:pair", "ReaderPlugin"),
    ("ankiexport.readers", "html = cards_for_anki:reader", "a format of its own"),
    ("ankiexport.pairs", "cards = cards_for_anki:fail", "out of order and of luck"),
    ("ankiexport.pairs", "cards = cards_for_anki:CODE", "CODE"),
    ("ankiexport.pairs", "cards = cards_for_anki:write", "AttributeError"),
    ("ankiexport.kinds", "cards = cards_for_anki:fail", "out of order and of luck"),
    ("ankiexport.kinds", "cards = cards_for_anki:write", "AttributeError"),
    ("ankiexport.kinds", "cards = cards_for_anki:find_wrong", "kind"),
]


@pytest.mark.parametrize(("group", "entry", "why"), BROKEN)
def test_broken_plugin_is_one_line_that_names_its_distribution(group, entry, why, install, tmp_path):
    environment = install({group: entry})
    write_page(tmp_path, "one.md", MOSS)
    pages = write_page(tmp_path, "ways.cards", "north = up\n")
    result = run(environment, "list", "--json", pages, cwd=tmp_path)
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert "cards-for-anki" in result.stderr and group in result.stderr and why in result.stderr


def test_broken_writer_leaves_no_file(install, tmp_path):
    environment = install({"ankiexport.writers": "lines = cards_for_anki:fail"})
    pages = write_page(tmp_path, "one.md", UP)
    result = run(environment, "build", "--no-lock", "-o", "deck.lines", pages, cwd=tmp_path)
    assert result.returncode == 2 and "cards-for-anki" in result.stderr.splitlines()[-1]
    assert not (tmp_path / "deck.lines").exists()


def test_two_plugins_of_one_name_are_told(install, tmp_path):
    install({"ankiexport.pairs": "riddles = cards_for_anki:pair"})
    environment = install({"ankiexport.pairs": "riddles = more_cards:pair"}, name="more-cards")
    pages = write_page(tmp_path, "one.md", "# Ways\n")
    result = run(environment, "list", pages, cwd=tmp_path)
    assert result.returncode == 2 and "cards-for-anki" in result.stderr and "more-cards" in result.stderr


def test_two_readers_of_one_suffix_are_told(install, tmp_path):
    install({"ankiexport.readers": "cards = cards_for_anki:reader"})
    environment = install({"ankiexport.readers": "pairs = more_cards:reader"}, name="more-cards")
    pages = write_page(tmp_path, "ways.cards", "north = up\n")
    result = run(environment, "list", pages, cwd=tmp_path)
    assert result.returncode == 2 and "cards-for-anki" in result.stderr and "more-cards" in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_loads_no_plugin(arguments, install, tmp_path):
    entries = {
        f"ankiexport.{group}": "cards = cards_for_anki:pair" for group in ("readers", "pairs", "kinds", "writers")
    }
    environment = install(entries, code="raise SystemExit('loaded')")
    result = run(environment, *arguments, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


def test_help_does_not_look_for_plugins():
    code = (
        "import sys; from ankiexport.cli import main; main(['--help'], standalone_mode=False);"
        "print([name for name in ('ankiexport.plugins', 'lxml', 'cssselect') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


def test_examples_of_the_manual_run(root, install, tmp_path):
    manual = (root / "docs" / "extending.md").read_text("utf-8")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", manual, re.M | re.S))
    groups = dict(re.findall(r'^\[project\.entry-points\."(ankiexport\.\w+)"\]\n(\w+ = "[\w.:]+")', manual, re.M))
    assert sorted(groups) == ["ankiexport.kinds", "ankiexport.pairs", "ankiexport.readers", "ankiexport.writers"]
    entries = {group: entry.replace('"', "") for group, entry in groups.items()}
    environment = install(entries, name="our-course", code=code)
    write_page(tmp_path, "one.md", "# One\n\n<details><summary>Moss</summary>\n\nGrows north.\n\n</details>\n")
    write_page(tmp_path, "two.md", "# Two\n\nRiddle: What has hands and no fingers?\n\nA clock.\n")
    pages = write_page(tmp_path, "three.org", "* What is an island?\nLand in the sea.\n")
    result = run(environment, "build", "--no-lock", "-o", "deck.lines", pages, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    lines = (tmp_path / "deck.lines").read_text("utf-8").splitlines()
    assert sorted(line.split("\t")[0] for line in lines) == [
        "Moss",
        "What has hands and no fingers?",
        "What is an island?",
    ]
