"""What happens to a learner's collection when a course is exported again: the rows of docs/updating.md, with real Anki.

Every test runs with the Anki that is installed, and with two older ones in environments of their own.
"""

import re
import time
from pathlib import Path

import genanki
import pytest
from written import self_checks

from ankiexport import build, notetype, read, write
from ankiexport.writers import apkg

DAY = 86_400
ADJECTIVES = "brass cedar copper ebony glass hazel ivory linen marble pewter".split()
NOUNS = "anchor bellows compass drum engine flute gauge hinge kettle lever".split()
LESSONS = ("pipes", "valves")
FIRST, SECOND = 0, 1  # a note's cards
KIND_AND_QUEUE = slice(4, 6)  # of a card in a schedule
TOML = """[course]
name = "Organ"
id = "organ"

[[page]]
file = "pipes.md"

[[page]]
file = "valves.md"
"""


class Course:
    """A course of two lessons with a hundred questions each, exported as its author would, day after day."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder / "lessons"
        self.folder.mkdir()
        self.lock = self.folder / "ankiexport.lock"
        self._decks = folder
        self._monkeypatch = monkeypatch
        self.course = None
        self.day = 0
        self.items = {
            lesson: [
                (question(lesson, i), f"It keeps the {lesson} of row {i} in tune, and nothing else.")
                for i in range(100)
            ]
            for lesson in LESSONS
        }
        self.titles = {lesson: lesson.title() for lesson in LESSONS}
        self.ask("")

    def ask(self, way):
        """What `ankiexport.toml` says of the ways in which the course asks, besides all else."""
        toml = TOML.replace('id = "organ"', f'id = "organ"\n{way}')
        (self.folder / "ankiexport.toml").write_text(toml, "utf-8")

    def export(self, **options):
        """The deck of another day, ten days before today and on."""
        self.day += 1
        now = int(time.time()) - (10 - self.day) * DAY
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(now))
        for lesson, items in self.items.items():
            (self.folder / f"{lesson}.md").write_text(f"# {self.titles[lesson]}\n\n{self_checks(items)}", "utf-8")
        self.course = build(read(self.folder), lock=self.lock, **options)
        deck = self._decks / f"day-{self.day}.apkg"
        write(self.course, deck)
        return deck

    def guid(self, lesson, number):
        return self.note(lesson, number).guid

    def note(self, lesson, number):
        """The note of a question by its place in its lesson, from 0."""
        return self.course.decks[LESSONS.index(lesson)].notes[number]

    def reword(self, lesson, number, old, new):
        asked, answer = self.items[lesson][number]
        assert old in asked
        self.items[lesson][number] = (asked.replace(old, new), answer)

    def correct(self, lesson, number):
        asked, _ = self.items[lesson][number]
        self.items[lesson][number] = (asked, "It was wrong before; this is the answer.")


def question(lesson, number):
    return f"What does the {ADJECTIVES[number // 10]} {NOUNS[number % 10]} of the {lesson} do?"


@pytest.fixture
def course(tmp_path, monkeypatch):
    return Course(tmp_path, monkeypatch)


# Nothing changed


def test_a_deck_built_again_is_the_same_file_and_changes_nothing(course, anki):
    first = course.export()
    again = course.export()
    assert first.read_bytes() == again.read_bytes()
    assert anki(["import", first], ["import", again])[1] == [0, 0, 200, 0]


def test_an_old_deck_over_a_new_one_changes_nothing(course, anki):
    old = course.export()
    course.reword("pipes", 3, "What does", "What exactly does")
    course.correct("valves", 5)
    new = course.export()
    _, over, before, back, after = anki(["import", old], ["import", new], ["contents"], ["import", old], ["contents"])
    assert over == [0, 2, 198, 0]
    assert back == [0, 0, 200, 0]
    assert before == after


# The author changes something


def test_a_reworded_question_keeps_its_history(course, anki):
    old = course.export()
    guid = course.guid("pipes", 3)
    course.reword("pipes", 3, "What does", "In one sentence: what does")
    new = course.export()
    assert course.guid("pipes", 3) == guid
    look = [["schedule"], ["reviews"]]
    _, studied, *before, over, schedule, reviews, contents = anki(
        ["import", old], ["study", 30], *look, ["import", new], *look, ["contents"]
    )
    assert studied == 20
    assert over == [0, 1, 199, 0]
    assert [schedule, reviews] == before
    assert contents[guid][0].startswith("In one sentence: what does")


def test_a_corrected_answer_keeps_its_history(course, anki):
    old = course.export()
    guid = course.guid("pipes", 0)
    course.correct("pipes", 0)
    new = course.export()
    look = [["schedule"], ["reviews"]]
    _, _, *before, over, schedule, reviews, contents = anki(
        ["import", old], ["study", 20], *look, ["import", new], *look, ["contents"]
    )
    assert over == [0, 1, 199, 0]
    assert [schedule, reviews] == before
    assert "It was wrong before" in contents[guid][0]


def test_a_new_question_is_the_only_new_note(course, anki):
    old = course.export()
    course.items["pipes"].insert(0, ("Which pipe is the longest of all?", "The one that sounds the lowest."))
    new = course.export()
    assert anki(["import", old], ["import", new])[1] == [1, 0, 200, 0]


def test_a_removed_question_stays_in_anki_and_the_diff_finds_it(course, anki):
    old = course.export()
    guid = course.guid("pipes", 7)
    del course.items["pipes"][7]
    new = course.export()
    assert course.course.diff.removed == (guid,)
    _, _, over, schedule, found = anki(
        ["import", old], ["study", 20], ["import", new], ["schedule"], ["find", f"Id:{guid}"]
    )
    assert over == [0, 0, 199, 0]
    assert guid in [card[0] for card in schedule]
    assert found == [guid]


def test_a_question_that_returns_finds_its_history(course, anki):
    old = course.export()
    guid = course.guid("pipes", 7)
    taken = course.items["pipes"].pop(7)
    between = course.export()
    course.items["pipes"].insert(50, taken)
    new = course.export()
    assert course.guid("pipes", 50) == guid
    assert anki(["import", old], ["import", between], ["import", new])[2] == [0, 0, 200, 0]


def test_reordered_questions_change_nothing(course, anki):
    old = course.export()
    course.items["pipes"].reverse()
    new = course.export()
    assert anki(["import", old], ["import", new])[1] == [0, 0, 200, 0]


def test_a_question_moved_to_another_lesson_stays_in_its_deck_until_the_learner_moves_it(course, anki):
    old = course.export()
    guid = course.guid("pipes", 7)
    course.items["valves"].insert(0, course.items["pipes"].pop(7))
    new = course.export()
    assert course.course.diff.moved == (guid,)
    look = [["reviews"], ["deck of", guid]]
    _, _, *before, over, reviews, deck = anki(["import", old], ["study", 20], *look, ["import", new], *look)
    assert over == [0, 1, 199, 0]  # its cue and tags say the other lesson
    assert [reviews, deck] == before
    assert deck == "Organ::01 Pipes"


def test_a_lesson_with_another_title_or_number_keeps_its_deck(course, anki):
    old = course.export()
    course.titles["pipes"] = "The pipes and their feet"
    toml = course.folder / "ankiexport.toml"
    toml.write_text(TOML.replace('file = "pipes.md"', 'file = "pipes.md"\norder = 9'), "utf-8")
    new = course.export()
    _, over, decks = anki(["import", old], ["import", new], ["decks"])
    assert over == [0, 100, 100, 0]  # the title is on each card of the lesson
    assert sorted(decks) == ["Organ::01 Pipes", "Organ::02 Valves"]
    assert {deck.name for deck in course.course.decks} == set(decks)


def test_a_deck_name_that_the_author_accepts_is_another_deck_in_anki(course, anki):
    old = course.export()
    course.titles["pipes"] = "The pipes"
    new = course.export(accept_names=True)
    _, over, decks = anki(["import", old], ["import", new], ["decks"])
    assert over == [0, 100, 100, 0]
    assert sorted(decks) == ["Organ::01 Pipes", "Organ::02 Valves"]  # no card moves, and a deck without cards is none
    assert len(course.course.diff.moved) == 100


def test_looks_of_a_newer_release_arrive_and_those_of_an_older_one_do_not(course, anki, monkeypatch):
    old = course.export()
    course.items["pipes"].append(("Which pipe is new here?", "This one, at the end of the row."))
    del course.items["valves"][9]
    course.correct("pipes", 1)
    monkeypatch.setattr(notetype, "css", lambda: ".card { color: teal }")
    monkeypatch.setattr(notetype, "MODIFIED", notetype.MODIFIED + DAY)
    apkg._note_type.cache_clear()
    new = course.export()
    apkg._note_type.cache_clear()
    _, over, css, back, kept = anki(["import", old], ["import", new], ["css"], ["import", old], ["css"])
    assert over == [1, 1, 198, 0]
    assert "teal" in css
    assert back == [0, 0, 200, 0]
    assert kept == css


def test_second_cards_that_the_author_adds_are_new_and_the_first_keep_their_progress(course, anki):
    old = course.export()
    course.ask("reverse = true")
    new = course.export()
    _, studied, before, over, after, reviews = anki(
        ["import", old], ["study", 30], ["schedule"], ["import", new], ["schedule"], ["reviews"]
    )
    assert over == [0, 200, 0, 0]
    assert [card for card in after if card[1] == FIRST] == before
    second = [card for card in after if card[1] == SECOND]
    assert len(second) == 200
    assert {tuple(card[KIND_AND_QUEUE]) for card in second} == {(0, 0)}  # new
    assert studied == len({card for _, card, *_ in reviews}) > 0


def test_second_cards_that_the_author_takes_away_stay_blank_until_the_learner_empties_them(course, anki):
    course.ask("reverse = true")
    old = course.export()
    guid = course.guid("pipes", 3)
    course.ask("")
    new = course.export()
    _, _, before, over, after, front, _, left = anki(
        ["import", old],
        ["study", 30],
        ["schedule"],
        ["import", new],
        ["schedule"],
        ["front", guid, SECOND],
        ["empty cards"],
        ["schedule"],
    )
    assert over == [0, 200, 0, 0]
    assert after == before
    assert len(after) == 400
    assert "blank" in front
    assert left == [card for card in before if card[1] == FIRST]


def test_answers_to_type_in_are_a_change_that_keeps_all_progress(course, anki):
    course.items["pipes"][3] = (course.items["pipes"][3][0], "A drum.")
    old = course.export()
    guid = course.guid("pipes", 3)
    course.ask('typed = ["self-check"]')
    new = course.export()
    _, _, before, over, after, front = anki(
        ["import", old], ["study", 30], ["schedule"], ["import", new], ["schedule"], ["front", guid, FIRST]
    )
    told = [problem for problem in course.course.problems if "is not typed in" in problem.message]
    assert over == [0, 200 - len(told), len(told), 0]
    assert after == before
    assert "[[type:Typed]]" in front


# The learner changes something


def test_the_learners_edits_and_tags_stay_where_the_author_changed_nothing(course, anki):
    old = course.export()
    edited, tagged = course.guid("pipes", 3), course.guid("pipes", 4)
    course.correct("pipes", 5)
    new = course.export()
    _, _, _, over, contents = anki(
        ["import", old],
        ["edit", edited, "Answer", "My own words."],
        ["tag", tagged, "mine"],
        ["import", new],
        ["contents"],
    )
    assert over == [0, 1, 199, 0]
    assert "My own words." in contents[edited][0]
    assert " mine " in contents[tagged][1]


def test_an_edit_made_after_the_authors_change_stays(course, anki):
    old = course.export()
    guid = course.guid("pipes", 3)
    course.correct("pipes", 3)
    new = course.export()
    _, _, over, contents = anki(
        ["import", old], ["edit", guid, "Answer", "My own words."], ["import", new], ["contents"]
    )
    assert over == [0, 0, 200, 0]
    assert "My own words." in contents[guid][0]


def test_the_authors_later_change_replaces_an_edit_and_its_tags(course, anki):
    old = course.export()
    guid = course.guid("pipes", 3)
    course.correct("pipes", 3)
    new = course.export()
    mine = [["edit", guid, "Answer", "My own words."], ["tag", guid, "mine"], ["edited days ago", guid, 9]]
    _, _, _, _, over, contents = anki(["import", old], *mine, ["import", new], ["contents"])
    assert over == [0, 1, 199, 0]
    assert "It was wrong before" in contents[guid][0]
    assert " mine " not in contents[guid][1]


def test_suspended_cards_and_cards_in_decks_of_the_learners_own_stay_so(course, anki):
    old = course.export()
    suspended, moved = course.guid("pipes", 3), course.guid("pipes", 4)
    course.correct("pipes", 3)
    course.correct("pipes", 4)
    new = course.export()
    _, _, _, before, over, after, deck = anki(
        ["import", old],
        ["suspend", suspended],
        ["move", moved, "Mine"],
        ["schedule"],
        ["import", new],
        ["schedule"],
        ["deck of", moved],
    )
    assert over == [0, 2, 198, 0]
    assert before == after
    assert deck == "Mine"


def test_a_note_that_the_learner_deleted_comes_back_as_new(course, anki):
    old = course.export()
    guid = course.guid("pipes", 3)
    course.correct("pipes", 4)
    new = course.export()
    assert anki(["import", old], ["remove", guid], ["import", new])[2] == [1, 1, 198, 0]


def test_a_description_of_the_learners_own_is_replaced_by_the_authors(course, anki):
    old = course.export()
    course.correct("pipes", 4)
    new = course.export()
    deck = "Organ::01 Pipes"
    seen = anki(["import", old], ["describe", deck, "Mine."], ["import", new], ["description", deck])
    assert seen[3].startswith("Pipes (Organ)")


# The lock


def test_a_lost_lock_is_made_from_the_last_deck_and_nothing_is_lost(course, anki, run):
    old = course.export()
    course.lock.unlink()
    assert run("build", course.folder, "-o", old).exit_code == 0
    again = Path(old)
    assert anki(["import", old], ["import", again])[1] == [0, 0, 200, 0]
    course.correct("pipes", 3)
    assert anki(["import", old], ["import", course.export()])[1] == [0, 1, 199, 0]


def test_without_a_lock_every_note_is_updated(course, anki):
    old = course.export()
    guid = course.guid("pipes", 3)
    course.lock.unlink()
    new = course.export()
    _, _, over, contents = anki(
        ["import", old], ["tag", course.guid("pipes", 3), "mine"], ["import", new], ["contents"]
    )
    assert over[1] >= 199
    assert guid in contents


def test_verify_tells_what_a_lost_lock_would_do(course, run):
    pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    old = course.export()
    course.lock.unlink()
    new = course.export()
    result = run("verify", new, "--against", old)
    assert result.exit_code == 1
    assert "lost: 200 notes are updated though nothing changed" in result.stdout


# Other ways, to compare


def plain_genanki(course, path, timestamp):
    note_type = genanki.Model(
        1_234_567_890,
        "Plain",
        fields=[{"name": "Q"}, {"name": "A"}],
        templates=[{"name": "Card", "qfmt": "{{Q}}", "afmt": "{{A}}"}],
    )
    deck = genanki.Deck(1_234_567_891, "Plain")
    for items in course.items.values():
        for asked, answer in items:
            deck.add_note(genanki.Note(model=note_type, fields=[asked, answer], guid=genanki.guid_for(asked)))
    genanki.Package([deck]).write_to_file(path, timestamp=timestamp)
    return path


def test_plain_genanki_updates_every_note_with_the_time_of_its_build(course, anki, tmp_path):
    old = plain_genanki(course, tmp_path / "old.apkg", time.time() - 2 * DAY)
    new = plain_genanki(course, tmp_path / "new.apkg", time.time() - DAY)
    assert anki(["import", old], ["import", new])[1] == [0, 200, 0, 0]


def test_plain_genanki_updates_no_note_with_a_fixed_time(course, anki, tmp_path):
    old = plain_genanki(course, tmp_path / "old.apkg", 1_700_000_000)
    course.correct("pipes", 3)
    new = plain_genanki(course, tmp_path / "new.apkg", 1_700_000_000)
    _, over, always = anki(["import", old], ["import", new], ["import always", new])
    assert over == always == [0, 0, 200, 0]


# The table


def test_each_row_of_the_table_names_a_test_of_this_module(root):
    rows = re.findall(r"^\| .* \| `(\w+)` \|$", (root / "docs" / "updating.md").read_text("utf-8"), re.M)
    assert len(rows) > 15
    assert [name for name in rows if name not in globals()] == []
