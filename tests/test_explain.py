"""The account of a page: `check` counts what became of its reveals, `explain` tells of a line."""

import json

import pytest

from ankiexport import Source, build, read
from ankiexport.coverage import cover, fails
from ankiexport.explaining import explain

PAGE = """# Ways

Some words.

**1.** Which way
is up?

<details><summary>Answer</summary>

Away from
the ground.

</details>

**2.** And down?

Name the way.

<details><summary>Hint</summary>

Look there.

</details>

<details><summary>Answer</summary>

Towards it:

- fall
- land

</details>

## More

**3.** Which way is left?

Final words
here.
"""
KEYED = """# Keys

Name the way.

A. North.

B. South.

C. East.

<details><summary>Answer</summary>

A. Up.

C. Right.

D. Wrong.

</details>
"""
LEFT = "# Left\n\n<details><summary>Notes of mine</summary>\n\nNothing is asked here.\n\n</details>\n"


@pytest.fixture
def course(tmp_path):
    """Three pages and their names."""
    for name, text in (("ways.md", PAGE), ("keys.md", KEYED), ("left.md", LEFT)):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "ankiexport.toml").write_text('[course]\nname = "Ways"\nid = "ways"\n', "utf-8")
    return tmp_path


def said_at(text, line, page_format="markdown"):
    (page,) = read(Source(name="page", text=text, format=page_format, title="Ways"))
    return explain(page, build([page], course="Ways"), line)


# explain


@pytest.mark.parametrize("line", [5, 6, 8, 10, 11, 13])
def test_line_of_a_question_or_its_answer_tells_of_the_item(line):
    (reveal,) = said_at(PAGE, line).reveals
    assert (reveal.trace.finder, reveal.trace.shape, reveal.question, reveal.answer) == (
        "self-check",
        "details",
        (5, 6),
        (8, 13),
    )


def test_guid_is_the_one_of_the_listing(course, run):
    (page,) = json.loads(run("list", "--json", course / "ways.md").stdout)["pages"]
    found = json.loads(run("explain", "--json", f"{course / 'ways.md'}:6").stdout)
    assert [item["guid"] for item in found["reveals"][0]["items"]] == [page["items"][0]["guid"]]


def test_guid_is_the_one_of_the_lock(course, run):
    run("build", course, "-o", "ways.apkg")
    (course / "ways.md").write_text(PAGE.replace("is up", "is up, then"), "utf-8")
    (item, _) = json.loads(run("list", "--json", course / "ways.md").stdout)["pages"][0]["items"]
    assert item["guid"] in run("explain", f"{course / 'ways.md'}:5").stdout
    assert item["guid"] not in run("explain", "--no-lock", f"{course / 'ways.md'}:5").stdout


def test_hint_is_told_with_why_no_item_was_made_of_it():
    (reveal,) = said_at(PAGE, 21).reveals
    assert reveal.trace.items == () and "a hint is no answer" in reveal.trace.problem.message


def test_line_between_is_told_by_what_stands_there():
    explained = said_at(PAGE, 3)
    assert explained.reveals == ()
    assert explained.block.startswith("a paragraph of the page above the question on line 5")


def test_line_after_all_is_told_by_what_stands_there():
    assert said_at(PAGE, 39).block == "a paragraph of the page that no reveal follows: Final words here."


def test_problem_of_the_line_is_told():
    explained = said_at(PAGE, 36)
    assert [problem.code for problem in explained.problems] == ["no-answer"]


def test_front_matter_is_nothing_of_the_content():
    assert "nothing of the page's own content" in said_at(f"---\ntitle: Ways\n---\n\n{PAGE}", 2).block


def test_prompt_of_an_exercise_belongs_to_its_parts():
    (reveal,) = said_at(KEYED, 3).reveals
    assert [item.label for item in reveal.trace.items] == ["A", "C"]
    assert reveal.question == (3, 9)
    assert sorted(problem.code for problem in reveal.problems) == ["no-answer", "no-question"]


def test_footer_of_an_html_page_is_no_part_of_the_last_answer():
    text = "<main>\n<details><summary>Is it up?</summary>\n<p>Yes,\nit is.</p>\n</details>\n</main>\n<p>Us</p>\n"
    (reveal,) = said_at(text, 4, "html").reveals
    assert reveal.answer == (2, 6)
    assert said_at(text, 7, "html").block.startswith("nothing of the page's own content; the last thing above it is")


def test_open_pair_is_told_by_its_shape():
    (reveal,) = said_at("# Ways\n\nQ: Which way is up?\n\nA: That way.\n", 5, "markdown").reveals
    assert (reveal.trace.shape, reveal.trace.finder) == ("Q and A", "flashcard")


def test_empty_answer_is_told(course):
    text = "# Ways\n\n**1.** Up?\n\n<details><summary>Answer</summary>\n\n</details>\n"
    (reveal,) = said_at(text, 3).reveals
    assert (reveal.trace.items, reveal.trace.problem.code) == ((), "empty-side")


def test_second_reveal_is_told_to_add_to_the_answer(course, run):
    more = "<details><summary>Background</summary>\n\nBecause it is.\n\n</details>\n"
    (course / "ways.md").write_text(f"{PAGE.split('**2.**')[0]}{more}", "utf-8")
    assert "adds to the answer of the question on line 5" in run("explain", f"{course / 'ways.md'}:17").stdout


def test_page_alone_is_explained_whole(course, run):
    result = run("explain", course / "ways.md")
    assert result.exit_code == 0
    first, *lines = result.stdout.splitlines()
    assert "3 reveals, 2 used, 0 left, 1 hint or aside" in first
    assert sum("made: self-check" in line for line in lines) == 2
    assert sum("no answer follows this question" in line for line in lines) == 1
    assert sum("a hint is no answer" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("ways.md:99", 2),
        ("ways.md:0", 2),
        ("ways.md:x", 2),
        ("ways.md:", 2),
        (":3", 4),
        ("no.md:3", 4),
        ("no.md", 4),
        ("*.md:3", 4),
        (".", 2),
        ("ways.md:37:", 0),
        ("left.md:1", 0),
    ],
)
def test_wrong_place_is_one_line_and_a_status(place, status, course, run, monkeypatch):
    monkeypatch.chdir(course)
    result = run("explain", place)
    assert (result.exit_code, len(result.stderr.splitlines())) == (status, 1 if status else 0)


def test_page_with_colons_in_its_name(course, run, monkeypatch):
    monkeypatch.chdir(course)
    for name in ("a:b.md", "c:5"):
        (course / name).write_text(PAGE, "utf-8")
    assert "self-check" in run("explain", "a:b.md:6").stdout
    assert "3 reveals" in run("explain", "c:5").stdout
    assert "line 8: a reveal" in run("explain", "c:5:6").stdout


# check


def test_check_counts_the_reveals_of_each_page_and_of_all(course, run):
    lines = run("check", course).stdout.splitlines()
    sums = [line.partition(": ")[2] for line in lines if " reveals, " in line or " reveal, " in line]
    assert sums == [
        "1 reveal, 1 used, 0 left; 1 question without an answer; 1 answer without a question",
        "1 reveal, 0 used, 1 left; 0 questions without an answer; 0 answers without a question",
        "3 reveals, 2 used, 0 left, 1 hint or aside; 1 question without an answer; 0 answers without a question",
        "5 reveals, 3 used, 1 left, 1 hint or aside; 2 questions without an answer; 1 answer without a question",
    ]
    assert lines[-1].startswith("3 pages: ")


def test_check_tells_nothing_twice(course, run):
    lines = run("check", course).stdout.splitlines()
    assert len(set(lines)) == len(lines)
    assert sum("belongs to no question" in line for line in lines) == 1
    assert sum("has no answer in the key" in line for line in lines) == 1


def test_check_of_one_page_has_no_sum(course, run):
    assert "1 page:" not in run("check", course / "ways.md").stdout


def test_check_as_data(course, run):
    result = run("check", "--json", course)
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and found["fails"]
    assert [page["coverage"]["used"] for page in found["pages"]] == [1, 0, 2]
    assert (found["total"]["reveals"], found["total"]["items"], found["total"]["pages"]) == (5, 4, 3)
    assert [problem["code"] for problem in found["pages"][1]["problems"]] == ["no-item", "left-reveal"]


def test_hint_that_was_left_out_fails_no_strict_check(course, run):
    text = PAGE.split("## More")[0]
    (course / "ways.md").write_text(text, "utf-8")
    assert "a hint is no answer" in run("check", course / "ways.md").stdout
    assert run("check", "--strict", course / "ways.md").exit_code == 0


def test_steps_without_an_answer_fail_a_strict_check(course, run):
    text = PAGE.split("## More")[0] + "## Steps\n\nDo these:\n\n1. Walk.\n2. Run.\n"
    (course / "ways.md").write_text(text, "utf-8")
    assert run("check", course / "ways.md").exit_code == 0
    assert run("check", "--strict", course / "ways.md").exit_code == 1


def test_every_reveal_is_used_left_or_left_out(read_text):
    page = read_text(PAGE)
    coverage = cover(page)
    assert coverage.reveals == coverage.used + coverage.left + coverage.by_design == len(page.traces)
    assert all(trace.items or trace.problem in page.problems for trace in page.traces)
    assert fails(page.problems, strict=False)
