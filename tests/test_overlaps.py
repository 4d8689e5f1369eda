"""Items that ask the same: which are found, which may be left out, and what that means for a lock."""

import json
import re

import pytest
from sky import locked_notes, packed_notes, tree
from written import self_checks

import ankiexport
from ankiexport import Html, Item, Location, Source, build, read
from ankiexport.overlaps import find_covered, find_overlaps

JIB = "A sail that is set before the mast of a ship."
FULLER = "A sail that is set before the mast of a ship; it pulls the bow away from the wind."


def item(question, answer, kind="flashcard", **more):
    location = Location(source="page.md", line=1)
    sides = {"question": Html(question), "answer": Html(answer)}
    return Item(kind=kind, shape=kind, **sides, fingerprint_text=question, location=location, **more)


def overlaps(*items):
    """`(the one that is told, the other one, asks for a part, answers alike)` of each overlap."""
    return [(found.at, found.other, found.in_part, found.same_answer) for found in find_overlaps(items)]


# Questions


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is a jib?", "What is the jib?"),
        ("What is a jib?", "Name the jib."),
        ("What is a jib?", 'What is a "jib"?'),
        ("What is a jib?", "In one sentence, what is a jib?"),
        ("What is a jib?", "Define a jib, in your own words."),
        ("what is a <b>jib</b> ?", "What is a jib?"),
        ("What are the parts of a ship?", "Name the parts of a ship."),
        ("¿Qué es un foque?", "¿Qué es un foque?"),
        ("前帆とは何ですか", "前帆とは何ですか"),
    ],
)
def test_questions_that_ask_the_same(one, other):
    assert overlaps(item(one, JIB), item(other, JIB)) == [(1, 0, False, True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the jib of a ship?", "What is the jib?"),
        ("What is the jib, and where is it set?", "What is the foremost jib?"),
        ("What does <code>ls -R</code> do?", "What does <code>ls -r</code> do?"),
        ("What does <code>list</code> return?", "What does <code>any</code> return?"),
        ("How much is 2+2?", "How much is 2+3?"),
        ("What is the capital of France?", "What is the capital of Spain?"),
        ("Who sailed from Spain to France?", "Who sailed from France to Spain?"),
        ("Why does ice float?", "How does ice float?"),
        ("When is it safe to sail?", "When is it not safe to sail?"),
        ("Is the jib set before the main sail?", "Is the jib set after the main sail?"),
        ("Name a list.", "Describe the state."),
        (r"What is \(x^2\)?", r"What is \(x^3\)?"),
        ('What is this? <img src="a.png">', 'What is this? <img src="b.png">'),
    ],
)
def test_questions_that_do_not(one, other):
    assert [found for found in overlaps(item(one, JIB), item(other, JIB)) if not found[2]] == []


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("What is a storm jib?", "What is a storm jib, and when is it set?"),
        ("Why is a storm jib small?", "Why is a storm jib small compared to other, more common sails?"),
        ("What is the mast step?", "What is the step of the mast called the mast step?"),
    ],
)
def test_question_that_is_a_part_of_another(short, long):
    assert overlaps(item(short, JIB), item(long, FULLER)) == [(1, 0, True, True)]
    assert overlaps(item(short, JIB), item(long, "Because Noah said so.")) == []


def test_part_turned_round_is_another_question():
    pair = item("When is it safe to sail?", JIB), item("When is it never really safe to sail far?", JIB)
    assert overlaps(*pair) == []


def test_one_common_word_makes_no_part():
    assert overlaps(item("What is rope?", JIB), item("What is rope made of?", JIB)) == []


def test_parts_of_exercises_overlap_only_with_the_same_prompt():
    prompts = Html("Say what each does."), Html("Say where each is.")
    parts = [item("The storm jib.", JIB, "exercise", context=prompt) for prompt in (*prompts, prompts[0])]
    assert overlaps(*parts) == [(2, 0, False, True)]
    assert overlaps(parts[0], item("The storm jib.", JIB)) == []


def test_told_is_the_flashcard_not_the_self_check_and_the_nearest_pair():
    cards = [
        item("What is a jib?", JIB),
        item("What is a jib?", JIB, "self-check"),
        item("What is a jib?", JIB, "exercise"),
    ]
    assert overlaps(*cards) == [(0, 1, False, True), (2, 1, False, True)]


def test_many_that_ask_the_same_are_all_told():
    cards = [item("What is printed?", f"The number {'x' * number}") for number in range(1, 200)]
    assert len(find_overlaps(cards)) > 150
    assert find_covered(cards) == {}


# Answers


def covered(answer, other, **more):
    """May an item with this answer be left out for one that asks the same?"""
    return 0 in find_covered([item("What then?", answer, **more), item("What then?", other, "self-check")])


@pytest.mark.parametrize(
    ("answer", "fuller"),
    [
        (JIB, JIB),
        (JIB, FULLER),
        ("A sail that is set before the mast of a ship; it pulls the bow away.", FULLER),
        ("A sail that is firmly set before the mast of a ship; it pulls the bow away.", FULLER),
        ("Paris", "Paris."),
        ("Twelve knots", "Twelve knots. That is fast."),
        ("one sail", "One sail (of linen)"),
        (
            "The log line measures the speed of a ship by its knots and a glass.",
            "The log line, measuring the speed of a ship by its knots and a glass, is heaved astern.",
        ),
        ("The wind turns right.", "A storm is over soon. The wind turns right. It clears up."),
    ],
)
def test_answer_that_another_has(answer, fuller):
    assert covered(answer, fuller)


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        ("It rises with the heat.", "It falls with the heat."),
        ("Paris", "Madrid"),
        ("Yes. It floats.", "No. It floats."),
        ("It floats on water.", "It does not float on water."),
        ("It is not safe.", "It is safe."),
        ("It is safe in a harbour.", "It is only safe in a harbour."),
        ("<code>-R</code>", "<code>-r</code>"),
        ("R", "r"),
        ("left", "left or right"),
        ("to the left", "from the left"),
        ("It may rain.", "It will rain."),
        ("It rises", "It rises, then falls"),
        ("True", "True, but in a storm it is less so"),
        ("It floats.", "It floats. Not always, though."),
        ("the jib and the boom", "the jib or the boom"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>b</li><li>a</li></ul>"),
        ("12", "12 knots"),
        (f"{FULLER[:-1]} and may tear.", f"{FULLER[:-1]} and will tear."),
        ("5 Mb", "5 mb"),
        ("12 knots", "13 knots"),
        ("12 knots", "12"),
        ("x = 5", "x = 5 + y"),
        ("a < b", "a > b"),
        (r"\(x = 5\)", r"\(x = -5\)"),
        ("The crew moves the ship.", "The ship moves the crew."),
        ("She found it when she had boiled ore for years in a cold shed near Paris, and wrote notes on all of it.",
         "She found it when she had boiled ore for years in a cold shed, and wrote notes on all of it, day by day."),
        ("More heat decreases the rate because the many small particles meet far more often than they did before.",
         "More heat increases the rate because the many small particles meet far more often than they did before."),
        ('<img src="jib.png">', '<img src="boom.png">'),
        (f'{JIB} <img src="jib.png">', JIB),
        (FULLER, JIB),
    ],
)  # fmt: skip
def test_answers_that_say_different_things(answer, other):
    assert not covered(answer, other)


def test_fuller_answer_stays_whatever_its_kind():
    cards = [item("What is a jib?", JIB, "self-check"), item("What is a jib?", FULLER)]
    assert find_covered(cards) == {0: 1}
    assert find_covered(cards[::-1]) == {1: 0}


def test_of_equal_answers_the_self_check_stays_then_the_exercise_then_the_first():
    kinds = ["flashcard", "exercise", "flashcard", "self-check"]
    cards = [item("What is a jib?", JIB, kind) for kind in kinds]
    assert find_covered(cards) == {0: 3, 1: 3, 2: 3}
    assert find_covered(cards[:3]) == {0: 1, 2: 1}
    assert find_covered([cards[0], cards[2]]) == {1: 0}


def test_what_is_left_out_is_covered_by_one_that_stays():
    answers = [JIB, FULLER, "Part of a crane.", JIB.replace("ship", "boat"), FULLER, "Part of a crane. It is far out."]
    left_out = find_covered([item("What is a jib?", answer) for answer in answers])
    assert left_out == {0: 1, 4: 1, 2: 5}
    assert not set(left_out) & set(left_out.values())


def test_explanation_is_part_of_what_an_item_says():
    explained = Html("The Dutch had it first.")
    assert not covered(JIB, JIB, explanation=explained)
    assert find_covered([item("A", JIB), item("A", JIB, explanation=explained)]) == {0: 1}


def test_part_of_a_question_is_never_left_out():
    assert find_covered([item("What is a storm jib?", JIB), item("What is a storm jib, and why?", FULLER)]) == {}


# Building


def write_course(folder, flashcard_answer=JIB):
    folder.mkdir(exist_ok=True)
    (folder / "ankiexport.toml").write_text('[course]\nname = "Sails"\nid = "sails"\n', "utf-8")
    others = [(f"What is rope number {number}?", f"It holds the sail called {'x' * number}.") for number in range(1, 7)]
    (folder / "1.md").write_text(f"# One\n\n{self_checks([('What is a jib?', FULLER), *others])}", "utf-8")
    cards = f"**Q: What is a jib?** A: {flashcard_answer}\n\n**Q: What is a boom?** A: A spar.\n"
    (folder / "2.md").write_text(f"# Two\n\n{cards}", "utf-8")
    return folder


@pytest.fixture
def course(tmp_path, day):
    return write_course(tmp_path / "sails")


def guids(course, run, *options):
    listing = json.loads(run("list", "--json", *options, course).stdout)
    return {found["question"] + found["kind"]: found["guid"] for page in listing["pages"] for found in page["items"]}


def test_build_leaves_out_and_says_what(course, run):
    result = run("build", "--skip-overlaps", course)
    assert result.exit_code == 0
    told = f"{course / '2.md'}:3: note: left out: {course / '1.md'}:3 asks and answers the same"
    assert [line for line in result.stderr.splitlines() if "left out" in line] == [told]
    assert len(packed_notes("sails.apkg")) == len(locked_notes(course / "ankiexport.lock")) == 8


def test_build_leaves_out_nothing_by_itself(course, run):
    assert "left out" not in run("build", course).stderr
    assert len(packed_notes("sails.apkg")) == 9


def test_build_leaves_out_no_other_answer(course, run):
    write_course(course, flashcard_answer="Part of a crane.")
    assert "left out" not in run("build", "--skip-overlaps", course).stderr
    assert len(packed_notes("sails.apkg")) == 9


def test_guids_of_the_others_stay(course, run):
    everything, thinned = guids(course, run), guids(course, run, "--skip-overlaps")
    assert thinned.items() < everything.items()
    assert set(everything) - set(thinned) == {"What is a jib?flashcard"}


def test_note_that_learners_have_is_retired_and_comes_back_as_it_was(course, run):
    run("build", course)
    before = packed_notes("sails.apkg")
    result = run("build", "--skip-overlaps", course)
    assert "its note is retired, and learners keep the one they have" in result.stderr
    assert result.stderr.splitlines()[-1].endswith("1 retired, 8 unchanged")
    (gone,) = set(before) - set(packed_notes("sails.apkg"))
    lock = course / "ankiexport.lock"
    assert [note["guid"] for note in locked_notes(lock) if note.get("retired")] == [gone]

    again = run("build", "--skip-overlaps", "--locked", course)
    assert again.exit_code == 0
    assert "left out" in again.stderr and "retired" not in again.stderr

    assert run("build", course).exit_code == 0
    assert packed_notes("sails.apkg") == before
    assert not any(note.get("retired") for note in locked_notes(lock))


def test_note_left_out_from_the_first_build_on_comes_with_the_guid_it_would_have_had(course, run, tmp_path):
    run("build", "--skip-overlaps", course)
    run("build", course)
    late = set(packed_notes("sails.apkg"))
    run("build", "--no-lock", "-o", tmp_path / "other.apkg", course)
    assert late == set(packed_notes(tmp_path / "other.apkg"))


def test_reworded_twin_does_not_take_the_place_of_what_is_left_out(course, run):
    run("build", course)
    before = guids(course, run)
    page = course / "1.md"
    page.write_text(page.read_text("utf-8").replace("What is a jib?", "What is the jib?"), "utf-8")
    after = guids(course, run, "--skip-overlaps")
    assert after["What is the jib?self-check"] == before["What is a jib?self-check"]


@pytest.mark.parametrize("verb", ["list", "check", "diff", "lock"])
def test_other_verbs_agree_with_build(verb, course, run):
    run("build", "--skip-overlaps", course)
    lock = (course / "ankiexport.lock").read_bytes()
    result = run(verb, "--skip-overlaps", course)
    assert result.exit_code == 0, result.output
    assert (course / "ankiexport.lock").read_bytes() == lock
    assert re.search(r"Sails +7 +0 +1 +8|8 items|8 unchanged", result.output) or verb == "diff"


def test_diff_tells_what_the_option_changes(course, run):
    run("build", course)
    before = tree(course)
    result = run("diff", "--json", "--skip-overlaps", course)
    assert result.exit_code == 1
    changed = [change for change in json.loads(result.stdout)["changes"] if change["change"] != "unchanged"]
    assert [(change["change"], change["question"]) for change in changed] == [("removed", "What is a jib?")]
    assert tree(course) == before


def test_page_of_which_all_is_left_out_has_no_deck(tmp_path, run):
    course = write_course(tmp_path / "sails")
    (course / "2.md").write_text(f"# Two\n\n**Q: What is a jib?** A: {JIB}\n", "utf-8")
    result = run("build", "--skip-overlaps", course)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "sails.apkg: 7 notes in 1 deck: 7 new")


def test_much_left_out_at_once_stops_the_build_until_it_is_meant(course, run):
    text = (course / "1.md").read_text("utf-8").replace("# One", "# Three")
    (course / "3.md").write_text(text, "utf-8")
    assert run("build", course).exit_code == 0
    stopped = run("build", "--skip-overlaps", course)
    assert stopped.exit_code == 1
    assert "--allow-shrink" in stopped.stderr
    assert run("build", "--skip-overlaps", "--allow-shrink", course).exit_code == 0


def test_python_has_the_option_too():
    text = self_checks([("What is a jib?", FULLER)]) + f"\n**Q: What is a jib?** A: {JIB}\n"
    pages = read(Source(name="page.md", text=text, format="markdown", title="Page"))
    assert len(ankiexport.build(pages, course="Sails").notes) == 2
    made = build(pages, course="Sails", skip_overlaps=True)
    assert [note.item.kind for note in made.notes] == ["self-check"]
    assert [problem.severity for problem in made.problems if "left out" in problem.message] == ["note"]


# Real pages


@pytest.mark.parametrize("suffix", ["mdx", "html", "txt"])
def test_flashcards_that_repeat_a_self_check_word_for_word_are_all_found(real_pages, suffix):
    def spoken(question):
        return " ".join(re.findall(r"\w+", re.sub(r"<[^>]+>|&\w+;", " ", question).lower()))

    pages = read(sorted((real_pages / "clawdemy").glob(f"*/*.{suffix}")))
    items = [item for page in pages for item in page.items]
    checks = [f" {spoken(item.question)} " for item in items if item.kind == "self-check"]
    cards = {at: f" {spoken(item.question)} " for at, item in enumerate(items) if item.kind == "flashcard"}
    repeated = {at for at, card in cards.items() if card in checks}
    within = {at for at, card in cards.items() if any(card in check for check in checks)}
    assert len(repeated) == 12 and len(within) >= 24
    assert within <= {found.at for found in find_overlaps(items)}


def test_question_that_comes_back_on_its_page_as_a_flashcard_is_left_out_though_worded_otherwise(tmp_path, run):
    asked = "How does a ship tack?"
    said = "Its bow is turned through the wind, the sails are pulled over, and then it sails on upon the other side."
    card = "The bow turns through the wind; sails are pulled over, then it sails on along the other side."
    page = (
        f"**1. {asked}**\n\n<details><summary>Show answer</summary>\n\n{said}\n\n</details>\n\n"
        f"## Cards\n\nQ: {asked}\n\nA: {card}\n"
    )
    (tmp_path / "page.md").write_text(page, "utf-8")
    result = run("build", "--no-lock", "--skip-overlaps", tmp_path / "page.md")
    assert "left out: line 1 asks and answers the same" in result.stderr
    assert "1 note" in result.stderr
