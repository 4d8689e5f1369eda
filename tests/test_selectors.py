"""Selectors in `ankiexport.toml`, for pages that no shape fits."""

import re

import pytest

from ankiexport import Selectors, Source, read

PAGE = """<html><body><main><h1>Ways</h1>
<p>Some words first.</p>
<section class="q"><b class="no">1.</b> <p class="ask">Which way is up?</p>
<button class="tell" aria-hidden="true">Away from the <b>ground</b>.</button></section>
<section class="q"><b class="no">2.</b> <p class="ask">And down?</p>
<div class="tell"><p>Towards it.</p><pre><code>fall()</code></pre></div></section>
<details><summary>Is it late?</summary><p>No.</p></details>
</main></body></html>
"""


@pytest.fixture
def read_selected():
    def read_selected(text, page_format="html", **selectors):
        said = Selectors(**{"question": ".ask", "answer": ".tell", **selectors})
        (page,) = read(Source(name="page", text=text, format=page_format, title="Ways", selectors=(said,)))
        return page

    return read_selected


def pairs(page):
    return [(item.question, item.answer) for item in page.items]


def codes(page):
    return [(problem.location.line, problem.code) for problem in page.problems if problem.code not in ("", "no-item")]


def test_page_without_selectors_has_none_of_the_questions():
    (page,) = read(Source(name="page", text=PAGE, format="html"))
    assert [item.question for item in page.items] == ["Is it late?"]


def test_selectors_find_what_no_shape_does_and_the_rest_is_read_as_always(read_selected):
    page = read_selected(PAGE, label=".no")
    assert pairs(page) == [
        ("Which way is up?", "Away from the <b>ground</b>."),
        ("And down?", "<p>Towards it.</p>\n<pre><code>fall()</code></pre>"),
        ("Is it late?", "No."),
    ]
    assert [(item.kind, item.shape, item.location.line) for item in page.items[:2]] == [
        ("self-check", "selectors", 3),
        ("self-check", "selectors", 5),
    ]
    assert codes(page) == []


def test_item_keeps_an_answer_from_the_question_of_another(read_selected):
    text = (
        '<main><div class="q"><p class="ask">Up?</p></div>\n'
        '<div class="q"><p class="tell">Down it is.</p></div>\n'
        '<div class="q"><p class="tell">Left.</p><p class="ask">Right or left?</p></div></main>'
    )
    page = read_selected(text, item=".q")
    assert pairs(page) == [("Right or left?", "Left.")]
    assert codes(page) == [(1, "no-answer"), (2, "no-question")]


def test_without_item_an_answer_goes_with_the_question_before_it(read_selected):
    text = (
        '<main><p class="tell">Lost.</p>\n<p class="ask">Up?</p>\n<p class="ask">Down?</p>\n<p>Think.</p>\n'
        '<p class="tell">There.</p>\n<p class="tell">Or there.</p></main>'
    )
    page = read_selected(text)
    assert pairs(page) == [("Down?", "<p>There.</p>\n<p>Or there.</p>")]
    assert codes(page) == [(1, "no-question"), (2, "no-answer")]


@pytest.mark.parametrize(
    "text",
    [
        '<div class="ask">Up? <div class="tell">There.</div></div>',
        '<div class="tell"><p class="ask">Up?</p> There.</div>',
        '<form><fieldset><label class="ask">Up?</label><template class="tell">There.</template></fieldset></form>',
        '<table><tr><td class="ask">Up?</td><td class="tell">There.</td></tr></table>',
        '<ol><li><span class="ask">Up?</span> <span class="tell">There.</span></li></ol>',
        '<p><span class="ask">Up?</span><br><span class="tell">There.</span></p>',
        '<dl><dt class="ask">Up?</dt><dd class="tell">There.</dd></dl>',
        '<details><summary class="ask">Up?</summary><p class="tell">There.</p></details>',
        '<p class="ask">Up?</p><details class="tell"><summary>Answer</summary>There.</details>',
        '<div aria-hidden="true"><h3 class="ask">Up?</h3><nav class="tell">There.</nav></div>',
    ],
)
def test_wherever_a_page_has_its_questions_they_are_found(text, read_selected):
    page = read_selected(f"<main><p>Words.</p>{text}<p>More words.</p></main>")
    assert pairs(page) == [("Up?", "There.")]
    assert codes(page) == []


def test_what_stands_outside_of_the_content_is_found_too(read_selected):
    text = '<body><main><p>Words.</p></main><aside><p class="ask">Up?</p><p class="tell">There.</p></aside></body>'
    assert pairs(read_selected(text)) == [("Up?", "There.")]


def test_parts_go_with_the_parts_of_the_answer_that_have_their_label(read_selected):
    text = (
        '<main><div class="ask"><p>Name the way.</p><p class="p"><i class="no">(a)</i> North</p>'
        '<p class="p"><i class="no">(b)</i> South</p></div>\n'
        '<div class="tell"><p class="p"><i class="no">(b)</i> Down</p><p class="p"><i class="no">(a)</i> Up</p>'
        '<p class="p"><i class="no">(c)</i> Right</p></div></main>'
    )
    page = read_selected(text, part=".p", label=".no")
    assert [(item.kind, item.label, item.question, item.answer, item.context) for item in page.items] == [
        ("exercise", "A", "North", "Up", "Name the way."),
        ("exercise", "B", "South", "Down", "Name the way."),
    ]
    assert (2, "no-question") in codes(page)


def test_parts_without_labels_go_by_their_order(read_selected):
    text = (
        '<main><div class="ask"><p>Say each.</p><ol><li>ice</li><li>fire</li></ol></div>'
        '<div class="tell"><ol><li>cold</li><li>hot</li></ol></div></main>'
    )
    page = read_selected(text, part="li")
    assert pairs(page) == [("ice", "cold"), ("fire", "hot")]


def test_selectors_work_on_what_markdown_renders_to(read_selected):
    text = "# Ways\n\n### Up?\n\n> There.\n\n### Down?\n\n> Here.\n"
    page = read_selected(text, "markdown", question="h3", answer="blockquote")
    assert [(item.question, item.location.line) for item in page.items] == [("Up?", 3), ("Down?", 7)]


def test_selector_that_matches_nothing_is_a_warning(read_selected):
    page = read_selected(PAGE, label=".number")
    (problem,) = (problem for problem in page.problems if problem.code == "selectors")
    assert problem.severity == "warning"
    assert "label = '.number'" in problem.message and "question" not in problem.message


def test_question_that_its_label_is_all_of_makes_no_item(read_selected):
    text = '<main><p>Is this above?</p><p class="ask"><b>1.</b></p><p class="tell">There.</p></main>'
    page = read_selected(text, label="b")
    assert (pairs(page), codes(page)[0][1]) == ([], "no-question")


# In ankiexport.toml


@pytest.fixture
def write_course(tmp_path):
    def write_course(toml):
        (tmp_path / "quiz").mkdir()
        for place in ("one.html", "quiz/two.html"):
            (tmp_path / place).write_text(PAGE.replace("<h1>Ways", f"<h1>{place}"), "utf-8")
        (tmp_path / "ankiexport.toml").write_text(toml, "utf-8")
        return tmp_path

    return write_course


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ('files = ["quiz/*.html"]', {"one.html": 1, "two.html": 3}),
        ('files = ["*.html"]', {"one.html": 3, "two.html": 1}),
        ('files = ["**/*.html"]', {"one.html": 3, "two.html": 3}),
        ('files = ["one.htm?"]', {"one.html": 3, "two.html": 1}),
        ("", {"one.html": 3, "two.html": 3}),
    ],
)
def test_files_say_which_pages_the_selectors_are_for(files, found, write_course):
    course = write_course(f'[[selectors]]\n{files}\nquestion = ".ask"\nanswer = ".tell"\n')
    assert {page.source.path.name: len(page.items) for page in read(course)} == found


@pytest.mark.parametrize(
    ("toml", "line", "said"),
    [
        ('question = ".a["\nanswer = ".b"', 3, "question"),
        ('question = ".a"\nanswer = "p::before"', 4, "answer"),
        ('question = ".a"\nanswer = "p:hover-me"', 4, "answer"),
        ('question = ".a"', 2, "question and an answer"),
        ('question = ".a"\nanswer = ".b"\nparts = "li"', 5, "'part'"),
        ('question = ".a"\nanswer = ".b"\nfiles = "*.html"', 5, "files"),
        ('question = ".a"\nanswer = 3', 4, "answer"),
    ],
)
def test_wrong_selectors_name_the_line(toml, line, said, write_course, run):
    course = write_course(f"\n[[selectors]]\n{toml}\n")
    result = run("list", course)
    assert result.exit_code == 2
    (told,) = result.stderr.splitlines()
    assert f"ankiexport.toml:{line}: " in told and said in told


def test_example_of_the_manual_runs(root, tmp_path):
    manual = (root / "docs" / "page-formats.md").read_text("utf-8")
    section = manual.split("## Pages of another shape")[1].split("\n## ")[0]
    toml, page = (re.search(rf"```{name}\n(.*?)```", section, re.S)[1] for name in ("toml", "html"))
    (tmp_path / "quiz").mkdir()
    (tmp_path / "ankiexport.toml").write_text(toml, "utf-8")
    (tmp_path / "quiz" / "one.html").write_text(page, "utf-8")
    (found,) = read(tmp_path)
    assert [(item.question, item.answer) for item in found.items] == [
        ("Which bird cannot fly?", "The kiwi."),
        ("ice", "solid"),
        ("steam", "gas"),
    ]
    assert [problem.code for problem in found.problems] == []


def test_question_and_answer_outside_of_items_are_told(read_selected):
    text = '<main><p class="ask">Up?</p>\n<p class="tell">There.</p>\n<div class="q"></div></main>'
    page = read_selected(text, item=".q")
    assert (pairs(page), codes(page)) == ([], [(1, "no-answer"), (2, "no-question")])


def test_long_page_is_read_in_time_that_grows_with_its_length(read_selected):
    cards = "".join(f'<p class="ask">Is {n} up?</p>\n<p class="tell">By {n}.</p>\n' for n in range(1_500))
    assert len(read_selected(f"<main>{cards}</main>").items) == 1_500
