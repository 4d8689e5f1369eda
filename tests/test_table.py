"""Tables and JSON: what is in them, and that Anki's text import meets the notes of the .apkg in a table."""

import csv
import json
import re
from dataclasses import replace

import pytest
from packages import notes_in
from payloads import CELLS

from ankiexport import Source, build, notetype, read, write
from ankiexport.model import Html, Item, Location
from ankiexport.writers.json import listing

SEPARATORS = {".csv": ",", ".tsv": "\t"}
SUFFIXES = (".apkg", *SEPARATORS, ".json")
FILE = "ankiexport-0123456789abcdef01234567"
NASTY = [
    *CELLS,
    *(
        " before and after ",
        "\u3000wide\u3000",
        "a\u00a0b\u2028c\u2029d\x85e",
        "\ufeffa",
        "\u200ba",
        "\U0001f600\u200d",
    ),
    *(
        "# no comment",
        "#separator:Tab",
        "a\nb\n\n#c\n",
        "a\r\nb",
        "a\rb",
        "a\tb",
        "a,b;c|d",
        "1/2",
        "007",
        "TRUE",
        "\\n",
    ),
    *('"', '"in quotes"', 'said "no", twice;\tor "thrice"\n"', "'single", 'a\\"b', "{{c1::x}}"),
    *("&amp;#61;1", "&lt;b&gt;", "<br>", "<ul>\n<li>=1</li>\n</ul>", r"\(-5 &lt; x\)", "\\[a \\\\\nb\\]"),
    *("e\u0301 caf\u00e9 \u1e9b\u0323 \u212b", "北\u0600x"),
    '<pre><code class="language-python">def f():\n\treturn 1\n\n\n    # x\n</code></pre>',
    "<pre><code>\tx\n    y  \n</code></pre>",
    f'<img src="{FILE}.png" alt="-a">',
    f'<audio src="{FILE}.mp3" title="=a, &quot;b&quot;"></audio>',
]
TAGS = (
    *('"', 'a"b', "x,y", "z;w", "#h", "A", "a", "é", "e\u0301", "=t", "-m", "@n", "u'v", "*", "w_x", "ta\\g"),
    *("q::", "::r", "s::::t", "two words", "zero\u200bwidth", "\u3000wide"),
)


@pytest.fixture
def nasty():
    """A course whose fields, tags and deck names hold all that could go wrong in a table."""
    (page,) = read(
        Source(name="page.md", text="# =Sum, x; #y\n", format="markdown", url="https://example.org/a?b=c,d;e")
    )
    items = (_item(text, number) for number, text in enumerate(NASTY))
    media = {f"{FILE}.png": b"a picture", f"{FILE}.mp3": b"a recording"}
    asked = {"reverse": ("flashcard",), "typed": ("flashcard",)}
    page = replace(page, items=tuple(items), tags=TAGS, media=media, **asked)
    return build((page,), course="=Nasty, a; 'b'\tc")


def _item(text, number):
    return Item(
        kind="flashcard",
        shape="numbered",
        question=Html(f"{text} {number}"),
        answer=Html(text),
        context=Html(text),
        explanation=Html(text),
        label="=a" if number % 2 else None,
        section="-b" if number % 3 else None,
        fingerprint_text=f"{number} {text}",
        location=Location(source="page.md", line=1),
    )


@pytest.fixture(params=["source", "nasty"])
def exports(request, root, tmp_path):
    """A course as each output, by suffix, and how many notes it has."""
    course = build(read(root / "source")) if request.param == "source" else request.getfixturevalue("nasty")
    return _exports(course, tmp_path), len(course.notes)


def _exports(course, folder):
    paths = {suffix: folder / f"deck{suffix}" for suffix in SUFFIXES}
    for path in paths.values():
        write(course, path)
    return paths


def _rows(path):
    """The header lines and the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        header = [file.readline().rstrip("\n") for _ in range(7)]
        return header, list(csv.reader(file, delimiter=SEPARATORS[path.suffix]))


# The file


@pytest.mark.parametrize(("suffix", "name"), [(".csv", "Comma"), (".tsv", "Tab")])
def test_the_header_tells_anki_all_that_it_would_ask(nasty, root, tmp_path, suffix, name):
    write(nasty, tmp_path / f"deck{suffix}")
    header, rows = _rows(tmp_path / f"deck{suffix}")
    columns = ["guid", "notetype", "deck", "tags", *notetype.FIELDS]
    assert header == [
        f"#separator:{name}",
        "#html:true",
        f"#columns:{SEPARATORS[suffix].join(columns)}",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
        "#tags column:4",
    ]
    if suffix == ".csv":
        assert "\n".join(header) in (root / "docs" / "outputs.md").read_text("utf-8")
    assert {len(row) for row in rows} == {len(columns)} == {19}
    assert [row[0] for row in rows] == [note.guid for note in nasty.notes]


def test_all_outputs_hold_the_same_fields(exports):
    paths, count = exports
    packed = {guid: (fields, tags) for guid, fields, tags in notes_in(paths[".apkg"])}
    assert len(packed) == count
    for suffix in SEPARATORS:
        assert {row[0]: (row[4:], row[3].split(" ")) for row in _rows(paths[suffix])[1]} == packed
    listed = json.loads(paths[".json"].read_text("utf-8"))
    items = [item for page in listed["pages"] for item in page["items"]]
    assert {item["guid"]: (list(item["fields"].values()), item["tags"]) for item in items} == packed
    assert all(list(item["fields"]) == list(notetype.FIELDS) for item in items)


def test_the_command_writes_tables(run, root, tmp_path):
    listed = json.loads(run("list", "--json", root / "source").stdout)
    guids = [item["guid"] for page in listed["pages"] for item in page["items"]]
    for suffix in SEPARATORS:
        result = run("build", "--no-lock", root / "source", "-o", tmp_path / f"deck{suffix}")
        assert result.exit_code == 0
        assert f"deck{suffix}: {len(guids)} notes in 2 decks" in result.stderr
        _, rows = _rows(tmp_path / f"deck{suffix}")
        assert [row[0] for row in rows] == guids
        assert {row[2] for row in rows} == {page["deck"] for page in listed["pages"]}


def test_the_json_is_the_listing_with_fields(run, root, tmp_path):
    run("build", "--no-lock", root / "source", "-o", tmp_path / "deck.json")
    written = json.loads((tmp_path / "deck.json").read_text("utf-8"))
    for page in written["pages"]:
        for item in page["items"]:
            assert item.pop("fields")["Id"] == item["guid"]
    assert written == json.loads(run("list", "--json", root / "source").stdout)


def test_a_problem_of_no_page_is_told_once_in_the_json(nasty):
    course = build(nasty.pages, course="A name without an id")
    listed = listing(course, fields=True)
    told = [problem["message"] for page in listed["pages"] for problem in page["problems"]]
    assert [problem["message"].partition(" ")[0] for problem in listed["problems"]] == ["the"]
    assert listed["problems"][0]["message"] not in told


def test_no_cell_but_that_of_the_deck_begins_as_a_formula(nasty, tmp_path):
    write(nasty, tmp_path / "deck.csv")
    _, rows = _rows(tmp_path / "deck.csv")
    begin = re.compile(r" *[=+\-@\t\r\n＝＋－＠]")
    assert {number for row in rows for number, cell in enumerate(row) if begin.match(cell)} == {2}


# In Anki


def test_tables_meet_the_notes_of_the_package(exports, anki):
    paths, count = exports
    looks = [["contents"], ["schedule"], ["reviews"], ["note types"]]
    steps = [["import", paths[".apkg"]], ["study", 20], *looks]
    for suffix in SEPARATORS:
        steps += [["import text", paths[suffix]], *looks]
    first, _, *seen = anki(*steps, ["import", paths[".apkg"]])
    assert first == [count, 0, 0, 0]
    before, over_csv, after_csv, over_tsv, after_tsv = seen[:4], seen[4], seen[5:9], seen[9], seen[10:14]
    assert over_csv == over_tsv == [0, 0, count, 0]
    assert before == after_csv == after_tsv
    assert seen[14] == [0, 0, count, 0]


@pytest.mark.parametrize("suffix", SEPARATORS)
def test_the_package_meets_the_notes_of_a_table(exports, anki, suffix):
    paths, count = exports
    looks = [["contents"], ["places"]]
    _, *packed, _, new, contents, places, over = anki(
        ["import", paths[".apkg"]],
        *looks,
        ["remove all"],
        ["import text", paths[suffix]],
        *looks,
        ["import", paths[".apkg"]],
    )
    assert new == [count, 0, 0, 0]
    assert [contents, places] == packed
    assert over == [0, 0, count, 0]


def test_a_collection_that_never_had_the_note_type_takes_no_note_of_a_table(exports, anki):
    paths, count = exports
    before, new, contents, after, late = anki(
        ["note types"], ["import text", paths[".csv"]], ["contents"], ["note types"], ["import", paths[".apkg"]]
    )
    assert new == [0, 0, 0, count]
    assert contents == {}
    assert before == after
    assert late == [count, 0, 0, 0]


def test_a_table_that_a_spreadsheet_saved_is_known_by_its_first_lines(exports, anki):
    paths, count = exports
    saved = paths[".csv"].with_name("saved.csv")
    header, rows = _rows(paths[".csv"])
    with saved.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(f"{line}\r\n" for line in header)
        csv.writer(file).writerows(rows)
    assert anki(["import", paths[".apkg"]], ["import text", saved])[1] == [0, 0, count, 0]


def test_a_table_overwrites_edits_and_tags_but_neither_scheduling_nor_decks(root, anki, tmp_path):
    course = build(read(root / "source"))
    paths = _exports(course, tmp_path)
    edited, tagged, moved, suspended, removed = (note.guid for note in course.notes[:5])
    mine = [
        ["edit", edited, "Answer", "My own words."],
        ["tag", tagged, "mine"],
        ["move", moved, "Mine"],
        ["suspend", suspended],
        ["remove", removed],
    ]
    _, original, *_, before, over, after, contents, place = anki(
        ["import", paths[".apkg"]],
        ["contents"],
        *mine,
        ["schedule"],
        ["import text", paths[".csv"]],
        ["schedule"],
        ["contents"],
        ["deck of", moved],
    )
    assert over == [1, 2, len(course.notes) - 3, 0]
    assert contents == original
    assert [card for card in after if card[0] != removed] == before
    assert place == "Mine"


def test_a_deck_with_a_quote_in_its_name_is_found(nasty, tmp_path, import_into_anki, collection):
    from anki.collection import ImportCsvRequest

    paths = _exports(build(nasty.pages, course='The "best" course'), tmp_path)
    import_into_anki(paths[".apkg"])
    before = {deck.name for deck in collection.decks.all_names_and_ids()}
    assert 'The "best" course::=Sum, x; #y' in before
    collection.remove_notes(list(collection.find_notes("")))
    metadata = collection.get_csv_metadata(path=str(paths[".csv"]), delimiter=None)
    collection.import_csv(ImportCsvRequest(path=str(paths[".csv"]), metadata=metadata))
    assert {deck.name for deck in collection.decks.all_names_and_ids()} == before
