"""What makes a poor card: each rule with what it finds and with what it must leave alone."""

import re

import pytest
from written import self_checks

from ankiexport import Source, build, read
from ankiexport.errors import UsageError
from ankiexport.lint import lint
from ankiexport.pipeline import lint as lint_pages
from ankiexport.rules import RULES, chosen

LONG = "The tide turns twice a day because the Moon pulls at the near side more than at the far side. " * 6
GOOD = ("Which side of a ship is port?", "The left one, seen by somebody who looks ahead.")


def found(*pairs, page_format="markdown"):
    """The codes that the linter gives a page of these self-checks."""
    return codes(lint(_course(self_checks(pairs), page_format), RULES))


def _course(text, page_format="markdown"):
    return build(read(Source(name="page", text=text, format=page_format, title="Page")), course="Course")


def codes(problems):
    assert {problem.severity for problem in problems} <= {"note"}
    return [problem.message.split()[0] for problem in problems]


def found_in(text, page_format="markdown"):
    return codes(lint(_course(text, page_format), RULES))


def bullets(count, mark="-"):
    return "\n".join(f"{mark} sail number {number}" for number in range(count))


def test_good_card_is_left_alone():
    assert found(GOOD) == []


def test_every_rule_has_a_test_that_finds_it_and_one_that_does_not():
    names = [name for name in globals() if name.startswith("test_")]
    covered = {code for code in RULES for name in names if f"_{code.lower()}_" in name}
    assert covered == set(RULES)


# L001: the answer is long


def test_l001_finds_a_long_answer():
    assert found(("Why are there tides?", LONG)) == ["L001"]


def test_l001_finds_a_long_answer_in_a_script_without_spaces():
    assert found(("潮汐はなぜ起こりますか。", "月の引力によって海面が上下する現象である。" * 12)) == ["L001"]


def test_l001_finds_a_long_program():
    program = "\n".join(f"step_{number}()" for number in range(25))
    assert found(("Write the start-up sequence.", f"```\n{program}\n```")) == ["L001"]


@pytest.mark.parametrize(
    "answer",
    [
        "Short words " * 40,
        "$" + " + ".join(f"a_{{{number}}}" for number in range(200)) + "$",
        "```\n" + "x = f(x, y, z) + g(x, y, z) + h(x, y, z)\n" * 15 + "```",
        "潮" * 150,
    ],
    ids=["eighty words", "one long formula", "fifteen lines of code", "few ideographs"],
)
def test_l001_leaves_alone(answer):
    assert found(("What do they do?", answer)) == []


def test_l001_leaves_alone_what_is_said_about_the_right_option():
    question = "Which one holds?\n\n- A: the anchor\n- B: the sail"
    assert found((question, f"Answer: A\n\n{LONG}")) == []
    assert found((question, LONG)) == ["L001"]


# L002 and L003: the answer is a list


def test_l002_finds_a_list_of_more_than_five():
    assert found(("How is the sail set?", bullets(6, "1."))) == ["L002"]
    assert found(("How is the sail set?", bullets(5, "1."))) == []


def test_l003_finds_a_set_of_more_than_three():
    assert found(("Which sails are there?", bullets(4))) == ["L003"]
    assert found(("Which sails are there?", f"There are these:\n\n{bullets(9)}")) == ["L003"]
    assert found(("Which sails are there?", bullets(3))) == []


def test_l003_leaves_alone_a_list_that_only_adds_to_the_answer():
    about = "The jib. " + "It is set before the mast and pulls the bow away from the wind as it fills. " * 2
    assert found(("Which sail comes first?", f"{about}\n\n{bullets(4)}")) == []


def test_l003_counts_a_list_within_a_list_once():
    assert found(("Which?", "- one sail\n  - of linen\n  - of hemp\n- two sails\n  - of silk\n")) == []


# L004 and L005: yes or no


@pytest.mark.parametrize("answer", ["Yes.", "No", "**True**", "False!", "Nein."])
def test_l004_finds_a_bare_verdict(answer):
    assert found(("Is a knot a measure of speed?", answer)) == ["L004"]


@pytest.mark.parametrize("answer", ["Yes, one sea mile an hour.", "Both.", "Port.", "12", "Not yet"])
def test_l004_leaves_alone(answer):
    assert "L004" not in found(("Is a knot a measure of speed?", answer))


def test_l004_leaves_alone_a_verdict_that_the_key_explains():
    text = (
        "Does it float?\n\nA. Ice.\n\nB. Iron.\n\n<details><summary>Answer</summary>\n\nA. Yes.\n\nB. No.\n\n{}"
        "</details>\n"
    )
    assert found_in(text.format("")) == ["L004", "L004"]
    (*_, last) = _course(text.format("What is lighter than water floats.\n\n")).notes
    assert last.item.explanation
    assert found_in(text.format("What is lighter than water floats.\n\n")) == []


@pytest.mark.parametrize(
    "question",
    [
        "Is a knot a measure of speed?",
        "A log is thrown out behind the ship. Does that measure its speed?",
        "True or false: a knot is a measure of speed.",
        "Isn’t a knot a measure of speed?",
    ],
)
def test_l005_finds_a_reason_that_is_not_asked_for(question):
    assert found((question, "Yes. One knot is a sea mile an hour.")) == ["L005"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is a knot a measure of speed, and why?", "Yes. One knot is a sea mile an hour."),
        ("Is a knot a measure of speed or of length?", "No. One knot is a sea mile an hour."),
        ("What is a knot?", "No measure of length. One knot is a sea mile an hour."),
        ("Is a knot a measure of speed?", "One sea mile an hour, so it is."),
        ("Is a knot a measure of speed?", "Yes, it is."),
        ("Is there a rule for this?", "No-one has found a rule so far."),
    ],
)
def test_l005_leaves_alone(question, answer):
    assert "L005" not in found((question, answer))


# L006: it points elsewhere


@pytest.mark.parametrize(
    "text",
    [
        "As shown above, the wind turns.",
        "The figure below has the answer.",
        "It is the one in the previous question.",
        "The next lesson tells more of it.",
        "It turns (see Figure 3).",
        "It is named in this lesson.",
        "It turns, see question 15.",
    ],
)
def test_l006_finds_what_points_elsewhere(text):
    assert found(("How does the wind turn?", text)) == ["L006"]
    assert found((text, "It turns to the right.")) == ["L006"]


@pytest.mark.parametrize(
    "text",
    [
        "Anything above the water line, and below the mast head.",
        "It happens in Chapter 5 of the Odyssey, see Chapter 5 of that book.",
        "The next page of the log is written in the previous hour.",
        "A lesson for every sailor.",
        "See the harbour.",
        "Temperatures of 40 and below.",
    ],
)
def test_l006_leaves_alone(text):
    assert found(("How does the wind turn?", text)) == []


def test_l006_leaves_alone_what_points_at_the_card_itself():
    code = "```\nfurl(jib)\n```"
    assert found((f"What does the code below do?\n\n{code}", "It furls the jib.")) == []
    assert found(("How is the jib furled?", f"As shown below.\n\n{code}")) == []
    keyed = (
        "The ship in the story above turns. What does each do?\n\nA. The crew in the picture above.\n\n"
        "B. The captain.\n\n<details><summary>Answer</summary>\n\nA. It hauls.\n\nB. He looks on.\n\n</details>\n"
    )
    assert found_in(keyed) == []


def test_l006_leaves_alone_words_in_code():
    assert found(("What is printed?", "```\n# see question 15, in this lesson\n```")) == []


# L007: no answer


@pytest.mark.parametrize("answer", ["See text.", "Answers may vary.", "see above"])
def test_l007_finds_an_answer_that_is_none(answer):
    assert found(("How is a sail mended?", answer)) == ["L007"]


@pytest.mark.parametrize("answer", ["See that no thread is loose.", "It varies.", "Text.", "Above."])
def test_l007_leaves_alone(answer):
    assert found(("How is a sail mended?", answer)) == []


# L008: several questions


def test_l008_finds_three_questions_in_one():
    assert found(("What is a jib? Where is it set? What does it pull?", "A sail before the mast.")) == ["L008"]


@pytest.mark.parametrize(
    "question",
    [
        "What is a jib? Where is it set?",
        "Which of these would you ask?\n\n- Where to?\n- Why now?\n- How far?",
        "What does `a?.b ?? c?.d` give, and `x ? y : z`?",
        "What is printed?\n\n```\nask('Where? Why? How? What?')\n```",
    ],
)
def test_l008_leaves_alone(question):
    assert found((question, "Something else.")) == []


# L009 and L010: overlaps (test_overlaps.py has the rest)


def test_l009_finds_what_asks_the_same_and_names_the_other_line():
    answer = "A sail that is set before the mast of a ship."
    course = _course(self_checks([("What is a jib?", answer)]) + f"\n**Q: Define a jib.** A: {answer}\n")
    (problem,) = lint(course, RULES)
    assert str(problem) == "page:9: note: L009 asks what line 1 asks, with much the same answer: one of them is enough"


def test_l009_leaves_alone_what_asks_for_something_else():
    pairs = [("What is a jib?", "A sail before the mast."), ("What is a mizzen?", "A sail behind the mast.")]
    assert found(*pairs) == []


def test_l010_finds_one_question_with_two_answers():
    text = (
        self_checks([("What is a jib?", "A sail before the mast.")]) + "\n**Q: What is a jib?** A: Part of a crane.\n"
    )
    (problem,) = lint(_course(text), RULES)
    assert problem.message.startswith("L010 asks what line 1 asks, with another answer")


def test_l010_leaves_alone_what_the_build_warns_of():
    course = _course(
        self_checks([("What is a jib?", "A sail before the mast."), ("What is a jib?", "Part of a crane.")])
    )
    assert [problem.severity for problem in course.problems if "2 answers" in problem.message] == ["warning"]
    assert lint(course, RULES) == ()


# Which rules


def test_names_of_rules_are_codes_or_what_they_begin_with():
    assert chosen([], [], []) == set(RULES)
    assert chosen(["L001,l004"], [], []) == {"L001", "L004"}
    assert chosen(["L00"], ["L001", "L002, L003"], []) == set(RULES) - {"L001", "L002", "L003", "L010"}
    assert chosen([], ["L"], []) == set()


def test_what_is_always_ignored_is_applied_where_it_is_selected():
    assert chosen([], [], ["L005"]) == set(RULES) - {"L005"}
    assert chosen(["L005"], [], ["L005"]) == {"L005"}


@pytest.mark.parametrize(("name", "nearest"), [("L09", "L009"), ("L0001", "L001"), ("E501", "L0"), ("", "L0")])
def test_unknown_rule_is_a_usage_error_that_names_the_nearest(name, nearest):
    with pytest.raises(UsageError, match=f"{name!r}; did you mean '{nearest}"):
        chosen([name], [], [])


def test_toml_ignores_rules(tmp_path):
    (tmp_path / "page.md").write_text(f"# Page\n\n{self_checks([('Is it so?', 'Yes.')])}", "utf-8")
    toml = tmp_path / "ankiexport.toml"
    for ignored, left in (('["L001"]', ["L004"]), ('["L004"]', []), ('["L00"]', [])):
        toml.write_text(f"[course]\nignore = {ignored}\n", "utf-8")
        pages = read(tmp_path)
        assert codes(lint_pages(pages, build(pages))) == left
    toml.write_text('[course]\nname = "C"\nignore = ["L04"]\n', "utf-8")
    with pytest.raises(UsageError, match=r"ankiexport\.toml:3: unknown rule 'L04'; did you mean 'L004'\?"):
        read(tmp_path)


# The command


@pytest.fixture
def poor(tmp_path):
    (tmp_path / "ankiexport.toml").write_text('[course]\nid = "c"\n', "utf-8")
    path = tmp_path / "poor.md"
    path.write_text(f"# Poor\n\n{self_checks([GOOD, ('Is it so?', 'Yes.'), ('How?', 'See text.')])}", "utf-8")
    return path


def test_check_tells_and_fails_only_when_it_is_strict(poor, run):
    result = run("check", poor)
    assert result.exit_code == 0
    places = [re.match(r".*:(\d+): note: (L\d{3}) ", line) for line in result.stdout.splitlines()]
    assert [place.groups() for place in places if place] == [("11", "L004"), ("19", "L007")]
    assert len(places) == 3  # with the sums of the page
    assert result.stderr.endswith("0 errors, 0 warnings, 2 notes\n")
    assert run("check", "--strict", poor).exit_code == 1


def test_check_selects_and_ignores(poor, run):
    def told(*options):
        return re.findall(r"L\d{3}", run("check", *options, poor).stdout)

    assert told("--select", "L004") == ["L004"]
    assert told("--select", "L001,L007", "--select", "L004") == ["L004", "L007"]
    assert told("--ignore", "L004") == ["L007"]
    assert told("--ignore", "L") == []
    assert run("check", "--strict", "--ignore", "L00", poor).exit_code == 0


def test_selecting_hides_no_other_problem(run, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(
        "# Page\n\nName it.\n\nA. Up.\n\nB. Down.\n\nC. In.\n\n"
        "<details><summary>Answer</summary>\n\nA. Yes.\n\nC. No.\n\n</details>\n"
    )
    result = run("check", "--select", "L001", path)
    assert result.exit_code == 1
    assert "warning: part B has no answer in the key" in result.stdout
    assert "L004" not in result.stdout


def test_unknown_code_is_status_2(poor, run):
    for option in ("--select", "--ignore"):
        result = run("check", option, "L044", poor)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "ankiexport: unknown rule 'L044'; did you mean 'L004'?\n"


@pytest.mark.parametrize("verb", ["build", "list", "lock", "diff"])
def test_only_check_lints(verb, poor, run):
    assert not re.search(r"\bL\d{3}\b", run(verb, poor).output)


def test_docs_and_help_have_every_rule(root, run):
    docs = (root / "docs" / "linting.md").read_text("utf-8")
    assert re.findall(r"^\| (L\d{3}) \|", docs, re.M) == list(RULES)
    assert re.findall(r"L\d{3}  ", run("check", "--help").output) == [f"{code}  " for code in RULES]


# Real pages


def test_real_course_is_mostly_left_alone(real_pages):
    course = build(read(real_pages / "clawdemy"), course="Course")
    told = codes(lint(course, set(RULES) - {"L009", "L010"}))
    assert 10 < len(told) < 0.1 * len(course.notes)
