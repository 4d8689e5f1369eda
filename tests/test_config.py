"""`ankiexport.toml`: what an author can say of a course and its lessons, and what a mistake in it is told."""

import re
from pathlib import Path

import pytest

from ankiexport import Course, UsageError, build, read
from ankiexport.config import find_config, load_config, tomllib
from ankiexport.model import KINDS

LESSON = (
    "# {title}\n\n**1.** What is {title} about?\n\n<details><summary>Answer</summary>\n\nIts title.\n\n</details>\n"
)


@pytest.fixture
def course(tmp_path):
    """Builds the course of a folder with three lessons and this `ankiexport.toml`."""

    def course(toml: str, name: str | None = None) -> Course:
        folder = tmp_path / "the course"
        folder.mkdir()
        for title in ("Bends", "Hitches", "Loops"):
            (folder / f"{title.lower()}.md").write_text(LESSON.format(title=title), "utf-8")
        (folder / "ankiexport.toml").write_text(toml, "utf-8")
        return build(read(folder), course=name)

    return course


def names(course: Course) -> list[str]:
    return [deck.name for deck in course.decks]


def test_file_is_parsed_once_for_reading_and_building(course, monkeypatch):
    parsed, loads = [], tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(text) or loads(text))
    text = '[course]\nname = "Knots that hold"\n'
    assert course(text).name == "Knots that hold"
    assert parsed.count(text) == 1


def test_file_that_changes_is_read_again(tmp_path):
    path = tmp_path / "ankiexport.toml"
    for name in ("Knots", "Bends"):
        path.write_text(f'[course]\nname = "{name}"\n', "utf-8")
        assert load_config(path).name == name


def test_every_key_is_taken(course):
    made = course(
        """
        [course]
        name = "Knots"
        id = "knots-1"
        author = "A. Sailor & Co"
        licence = "CC BY-SA 4.0"
        url = "https://knots.example/"
        deck = "{number:03}. {title}"

        [[page]]
        file = "loops.md"
        title = "All loops"
        key = "the-loops"
        order = 7
        deck = "Part two::{title} ({number})"
        tags = ["rope work", "part-2"]
        """
    )
    assert (made.id, made.name) == ("knots-1", "Knots")
    assert names(made) == ["Knots::Part two::All loops (7)", "Knots::002. Bends", "Knots::003. Hitches"]
    first = made.decks[0]
    assert (first.page_key, first.title) == ("the-loops", "All loops")
    assert first.description == ("All loops (Knots)<br>A. Sailor &amp; Co<br>CC BY-SA 4.0<br>https://knots.example/")
    assert {"rope_work", "part-2", "course::knots-1", "lesson::the-loops"} <= set(first.notes[0].tags)
    assert made.problems == ()


@pytest.mark.parametrize("way", ["reverse", "typed"])
@pytest.mark.parametrize(
    ("general", "own", "expected"),
    [
        ("", "", [(), ()]),
        ("true", "", [KINDS, KINDS]),
        ("true", "false", [(), KINDS]),
        ("false", '["flashcard"]', [("flashcard",), ()]),
        ('["flashcard", "exercise"]', '["self-check"]', [("self-check",), ("exercise", "flashcard")]),
        ('["flashcard"]', "[]", [(), ("flashcard",)]),
        ("", "true", [KINDS, ()]),
    ],
)
def test_ways_of_asking_of_a_lesson_overrule_those_of_the_course(course, way, general, own, expected):
    said = [f"{way} = {value}\n" if value else "" for value in (general, own)]
    made = course(f'[course]\nname = "Knots"\n{said[0]}[[page]]\nfile = "loops.md"\n{said[1]}')
    assert [getattr(deck, way) for deck in made.decks[:2]] == expected
    assert {getattr(deck, other) for deck in made.decks for other in {"reverse", "typed"} - {way}} == {()}


def test_lessons_that_are_listed_come_in_that_order_with_numbers(course):
    made = course(
        '[course]\nname = "Knots"\n' + "".join(f'[[page]]\nfile = "{f}.md"\n' for f in ("loops", "bends", "hitches"))
    )
    assert names(made) == ["Knots::01 Loops", "Knots::02 Bends", "Knots::03 Hitches"]


def test_order_overrules_the_place_in_the_file(course):
    made = course('[[page]]\nfile = "loops.md"\norder = 3\n[[page]]\nfile = "bends.md"\norder = 1\n', "Knots")
    assert names(made)[:2] == ["Knots::01 Bends", "Knots::03 Loops"]


def test_lessons_that_are_not_listed_follow_without_a_number(course):
    assert names(course('[[page]]\nfile = "loops.md"\n', "Knots")) == [
        "Knots::01 Loops",
        "Knots::Bends",
        "Knots::Hitches",
    ]


def test_file_without_lists_names_the_decks_by_title(course):
    assert names(course('[course]\nname = "Knots"\n')) == ["Knots::Bends", "Knots::Hitches", "Knots::Loops"]


def test_title_changes_the_deck_but_no_guid(course, tmp_path):
    made = course('[[page]]\nfile = "loops.md"\ntitle = "Every loop there is"\n', "Knots")
    (tmp_path / "the course" / "ankiexport.toml").write_text("", "utf-8")
    plain = build(read(tmp_path / "the course"), course="Knots")
    assert {note.guid for note in made.notes} != set()
    # The key follows the title on the page, which is the same.
    assert {note.guid for note in made.notes} == {note.guid for note in plain.notes}
    assert "Knots::01 Every loop there is" in names(made)


def test_key_changes_the_guids_of_its_page_and_of_no_other(course, tmp_path):
    made = course('[[page]]\nfile = "loops.md"\nkey = "other"\n', "Knots")
    (tmp_path / "the course" / "ankiexport.toml").write_text('[[page]]\nfile = "loops.md"\n', "utf-8")
    plain = build(read(tmp_path / "the course"), course="Knots")
    same = [left.guid == right.guid for left, right in zip(made.notes, plain.notes, strict=True)]
    assert same == [False, True, True]


def test_name_on_the_command_line_renames_the_decks_but_keeps_the_id(course):
    made = course('[course]\nname = "Knots"\nid = "knots"\n', "Rope work")
    assert (made.id, made.name) == ("knots", "Rope work")


def test_course_without_a_name_is_called_like_its_folder(course):
    made = course("")
    assert (made.id, made.name) == ("the-course", "the course")


def test_course_without_a_file_says_its_id_in_a_note(tmp_path):
    page = tmp_path / "loops.md"
    page.write_text(LESSON.format(title="Loops"), "utf-8")
    (problem,) = build(read(page), course="Rope work").problems
    assert problem.severity == "note"
    assert "'rope-work'" in problem.message


def test_file_above_the_pages_counts_and_names_them_from_its_folder(tmp_path):
    (tmp_path / "lessons" / "one").mkdir(parents=True)
    (tmp_path / "lessons" / "one" / "loops.md").write_text(LESSON.format(title="Loops"), "utf-8")
    (tmp_path / "ankiexport.toml").write_text(
        '[course]\nname = "Knots"\n[[page]]\nfile = "lessons/one/loops.md"\ntitle = "All loops"\n', "utf-8"
    )
    assert names(build(read(tmp_path / "lessons"))) == ["Knots::01 All loops"]


def test_pages_of_two_courses_are_refused(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "loops.md").write_text(LESSON.format(title=name), "utf-8")
        (tmp_path / name / "ankiexport.toml").write_text(f'[course]\nname = "{name}"\n', "utf-8")
    with pytest.raises(UsageError, match="two courses"):
        read([tmp_path / "one", tmp_path / "two"])


@pytest.mark.parametrize(
    ("title", "segment"),
    [("Loops :: bends", "Loops : bends"), ("A:::B", "A:B"), ("::", "blank"), ("two  spaces", "two spaces")],
)
def test_colons_in_a_title_make_no_deck_of_their_own(course, title, segment):
    made = course(f'[[page]]\nfile = "loops.md"\ntitle = "{title}"\ndeck = "{{title}}"\n', "Knots")
    assert names(made)[0] == f"Knots::{segment}"


def test_two_lessons_with_one_title_get_two_decks_and_a_warning(course):
    toml = "".join(
        f'[[page]]\nfile = "{f}.md"\ntitle = "{t}"\ndeck = "{{title}}"\n' for f, t in (("loops", "x"), ("bends", "X"))
    )
    made = course(toml, "Knots")
    assert names(made)[:2] == ["Knots::x", "Knots::X (bends)"]
    assert [problem.severity for problem in made.problems] == ["warning"]


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        pytest.param('[course]\nname = "K"\nlicense = "MIT"\n', 3, "'licence'", id="a course key misspelt"),
        pytest.param('[[page]]\nfile = "loops.md"\ntag = ["a"]\n', 3, "'tags'", id="a page key misspelt"),
        pytest.param('\n[corse]\nname = "K"\n', 2, "'course'", id="a table misspelt"),
        pytest.param('name = "K"\n', 1, "unknown key 'name'", id="a key outside of its table"),
        pytest.param("[course]\nname = 3\n", 2, "name is a string", id="a number for a string"),
        pytest.param('[course]\nname = ""\n', 2, "name is a string", id="an empty name"),
        pytest.param(
            '[[page]]\nfile = "loops.md"\norder = "1"\n', 3, "order is a whole number", id="a string for a number"
        ),
        pytest.param(
            '[[page]]\nfile = "loops.md"\norder = true\n', 3, "order is a whole number", id="a truth for a number"
        ),
        pytest.param('[[page]]\nfile = "loops.md"\norder = 1.5\n', 3, "order is a whole number", id="a fraction"),
        pytest.param(
            '[[page]]\nfile = "loops.md"\ntags = "a"\n', 3, "tags is a list of strings", id="a string for a list"
        ),
        pytest.param(
            '[[page]]\nfile = "loops.md"\ntags = [1]\n', 3, "tags is a list of strings", id="numbers for tags"
        ),
        pytest.param('[course]\nreverse = "flashcard"\n', 2, '["flashcard"]', id="a string for kinds"),
        pytest.param('[course]\nid = "k"\ntyped = ["flash card"]\n', 3, "mean 'flashcard'?", id="a kind misspelt"),
        pytest.param(
            '[[page]]\nfile = "loops.md"\nreverse = [1]\n',
            3,
            "true, false or a list of kinds",
            id="a number for a kind",
        ),
        pytest.param('[[page]]\nfile = "loops.md"\ntyped = ["exercises"]\n', 3, "'exercise'?", id="a page's kind"),
        pytest.param("[course]\nrevers = true\n", 2, "'reverse'", id="a way of asking misspelt"),
        pytest.param('[[page]]\ntitle = "x"\n', 1, "file", id="a page without its file"),
        pytest.param('\n[page]\nfile = "loops.md"\n', 2, "[[page]]", id="one pair of brackets for a page"),
        pytest.param("[[course]]\n", 1, "[course]", id="two pairs of brackets for a course"),
        pytest.param('[course]\nid = "two words"\n', 2, "made of letters", id="an id with a space"),
        pytest.param('[course]\nid = "a/b"\n', 2, "made of letters", id="an id with a slash"),
        pytest.param(
            '[[page]]\nfile = "loops.md"\nkey = "two words"\n', 3, "made of letters", id="a key that no tag can hold"
        ),
        pytest.param('[course]\ndeck = "{nr} {title}"\n', 2, "{number:02} {title}", id="an unknown field in a deck"),
        pytest.param('[course]\ndeck = "{title"\n', 2, "{number:02} {title}", id="a brace left open"),
        pytest.param('[course]\ndeck = "{title.upper}"\n', 2, "{number:02} {title}", id="an attribute in a deck"),
        pytest.param('[course]\ndeck = "{number:zz}"\n', 2, "{number:02} {title}", id="an unknown number format"),
        pytest.param('[course]\nname = "K\n', 2, "not valid TOML", id="a quote left open"),
        pytest.param('[course]\n\nname = = "K"\n', 3, "not valid TOML", id="two equals signs"),
        pytest.param('[course]\nname = "a"\nname = "b"\n', 3, "not valid TOML", id="a key given twice"),
        pytest.param(
            '[[page]]\nfile = "loops.md"\n[[page]]\nfile = "./loops.md"\n', 2, "listed twice", id="a page listed twice"
        ),
    ],
)
def test_mistake_is_told_with_its_line_and_what_would_be_right(course, tmp_path, toml, line, message):
    with pytest.raises(UsageError) as caught:
        course(toml)
    text = str(caught.value)
    place = f"{Path('ankiexport.toml')}:"
    assert message in text
    # A quote or table that is left open is told where TOML's own parser stops: on that line or at the end of the file.
    told = int(text.split(place, 1)[1].split(":", 1)[0])
    assert told == line or ("not valid TOML" in text and line - 1 <= told <= toml.count("\n") + 1)
    assert "\n" not in text


def test_file_that_is_not_text_is_told(course, tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "loops.md").write_text(LESSON.format(title="Loops"), "utf-8")
        (folder / "ankiexport.toml").write_bytes(b"[course]\nname = '\xff\xfe'\n")
        read(folder)


def test_file_with_a_byte_order_mark_is_read(course):
    assert course('\ufeff[course]\nname = "Knots"\n').name == "Knots"


def test_mistake_ends_the_command_with_status_2_and_one_line(run, tmp_path):
    (tmp_path / "loops.md").write_text(LESSON.format(title="Loops"), "utf-8")
    (tmp_path / "ankiexport.toml").write_text('[course]\nlicense = "MIT"\n', "utf-8")
    result = run("build", tmp_path / "loops.md")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "ankiexport.toml:2: unknown key 'license' in [course]; did you mean 'licence'?" in line


def test_example_in_the_readme_is_valid(root, tmp_path):
    (example,) = re.findall(r"^```toml\n(.*?)^```", (root / "README.md").read_text("utf-8"), re.M | re.S)
    (tmp_path / "ankiexport.toml").write_text(example, "utf-8")
    for file in re.findall(r'^file = "(.*)"$', example, re.M):
        (tmp_path / file).touch()
    path = find_config(tmp_path)
    assert path is not None
    settings = load_config(path)
    assert settings.name
    assert len(settings.pages) == example.count("[[page]]")


def test_url_of_a_page_is_where_its_cards_link_to(tmp_path):
    reveal = "<details><summary>Show answer</summary>\n\n[There](../bends/)\n\n</details>\n"
    (tmp_path / "loops.md").write_text(f"1. More?\n\n{reveal}")
    toml = '[[page]]\nfile = "loops.md"\nurl = "https://knots.example/course/loops/"\n'
    (tmp_path / "ankiexport.toml").write_text(toml)
    (page,) = read(tmp_path / "loops.md")
    assert page.url == "https://knots.example/course/loops/"
    assert page.items[0].answer == '<a href="https://knots.example/course/bends/">There</a>'
    (tmp_path / "ankiexport.toml").write_text(toml.replace("https", "ftp"))
    with pytest.raises(UsageError, match=r"ankiexport.toml:3: url is a web address"):
        read(tmp_path / "loops.md")
