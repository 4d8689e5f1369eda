"""A question that is reworded, moved, taken out and put back stays the note that it was; another question never is."""

from dataclasses import replace

import pytest
from written import self_checks

from ankiexport import build, read, write
from ankiexport.errors import ShrinkError
from ankiexport.lock import load_lock

PAIRS = [
    ("Which knot joins two ropes of one thickness?", "The reef knot, if nothing jerks at it."),
    ("Which loop does not slip under load?", "The bowline, the king of knots."),
    ("What holds a rope at a post?", "A clove hitch, which a child can tie."),
    ("What does the working end do while you tie?", "It moves around the part that stands still."),
    ("Why do wet ropes jam in their knots?", "The fibres swell and grip one another."),
    ("How do you keep a cut end from fraying?", "You whip it with thin twine, or melt it."),
]


class Lesson:
    """A page of self-checks that is written, built and exported again and again beside one lock."""

    def __init__(self, folder):
        self.folder = folder / "lessons"
        self.folder.mkdir()
        self.lock = self.folder / "ankiexport.lock"
        self.deck = folder / "knots.apkg"

    def write(self, pairs, name="knots.md", title="Knots"):
        (self.folder / name).write_text(f"# {title}\n\n{self_checks(pairs)}", "utf-8")

    def build(self, *paths, **options):
        """The course as it would be exported now."""
        return build(read(paths or self.folder), course="Knots", lock=self.lock, **options)

    def export(self, *paths, allow_shrink=True, **options):
        course = self.build(*paths, **options)
        write(course, self.deck, allow_shrink=allow_shrink)
        return course

    def guids(self, course):
        return {note.item.fingerprint_text: note.guid for note in course.notes}


@pytest.fixture
def lesson(tmp_path):
    return Lesson(tmp_path)


@pytest.fixture
def known(lesson):
    """The GUIDs of a lesson that was exported, by question."""
    lesson.write(PAIRS)
    return lesson.guids(lesson.export())


def changed(at, question=None, answer=None):
    """The lesson with one pair changed."""
    pairs = list(PAIRS)
    pairs[at] = (question or pairs[at][0], answer or pairs[at][1])
    return pairs


def guid_after(lesson, pairs, question, **options):
    lesson.write(pairs)
    return lesson.guids(lesson.export(**options))[question]


# One question changes


@pytest.mark.parametrize(
    "question",
    [
        "Which loop dose not slip under load?",
        "Which loop does not slip under load, in your own words?",
        "Given a climber's weight: which loop does not slip under load?",
        "Name the one that stays as wide as it was tied.",
    ],
    ids=["a typo", "a clause behind", "a clause before", "another sentence"],
)
def test_reworded_question_with_its_answer_keeps_its_guid(question, lesson, known):
    assert guid_after(lesson, changed(1, question), question) == known[PAIRS[1][0]]


def test_question_with_another_answer_keeps_its_guid(lesson, known):
    pairs = changed(1, answer="Any knot whose name ends in line. That is a joke.")
    assert guid_after(lesson, pairs, PAIRS[1][0]) == known[PAIRS[1][0]]


def test_typo_and_answer_may_change_at_once(lesson, known):
    question = "Which knot joins two ropes of one thicknness?"
    assert guid_after(lesson, changed(0, question, "Another one."), question) == known[PAIRS[0][0]]


@pytest.mark.parametrize(
    "question",
    [
        "Which loop does slip under load?",
        "Which hitch does not slip under load?",
        "Which loop does not slip under sail?",
        "Who invented the sewing machine?",
    ],
)
def test_another_question_with_another_answer_in_the_same_place_is_a_new_note(question, lesson, known):
    assert guid_after(lesson, changed(1, question, "Another answer."), question) not in known.values()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What is the voltage from A to B here?", "What is the voltage from B to A here?"),
        ("How much is 3 - 5 apples?", "How much is 5 - 3 apples?"),
        ("Is a dog bigger than a cat?", "Is a cat bigger than a dog?"),
        ("Where does the bowline hold?", "When does the bowline hold?"),
        ("Which knots may you tie here?", "Which knots must you tie here?"),
        ("How is the rope cut?", "Who is the rope cut for?"),
        ("Which reagent gives nitrate here?", "Which reagent gives nitrite here?"),
        ("What is attention?", "What is attention masking?"),
        ("Name one supervised method.", "Name one unsupervised method."),
        ("What does `a == b` give here?", "What does `a != b` give here?"),
        ("What is `[]` in this language?", "What is `{}` in this language?"),
        ("What is the value of `*p` here?", "What is the value of `p` here?"),
        ("What is `List` in Java?", "What is `list` in Java?"),
        ("How much is 5! in all?", "How much is 5 in all?"),
        ("Which port does http use?", "Which port does https use?"),
        ("Where does one find silicon?", "Where does one find silicone?"),
        ("What does quiet mean?", "What does quite mean?"),
        ("What is the capital of France?", "What is the capital of France, in 1942?"),
        ("What was the capital of Poland?", "What is the capital of Poland?"),
    ],
)
def test_words_in_another_order_or_another_question_word_make_another_question(old, new, lesson):
    lesson.write([PAIRS[0], (old, "Ten."), PAIRS[1]])
    known = [note.guid for note in lesson.export().notes]
    lesson.write([PAIRS[0], (new, "Twenty."), PAIRS[1]])
    after = [note.guid for note in lesson.export().notes]
    assert (after[0], after[2]) == (known[0], known[2])
    assert after[1] not in known


def test_question_about_another_number_or_option_is_a_new_note(lesson):
    lesson.write([("What does `ls -l` print?", "A line for each file."), ("What is 2 + 3 in base 4?", "It is 11.")])
    known = lesson.guids(lesson.export())
    lesson.write([("What does `ls -a` print?", "Hidden files too."), ("What is 2 + 3 in base 5?", "It is 10.")])
    assert set(lesson.guids(lesson.export()).values()).isdisjoint(known.values())


def test_statement_with_the_same_short_verdict_is_not_the_one_before(lesson):
    statements = ["Whales are fish.", "Bats are birds.", "Ropes are made of steel alone."]
    lesson.write([(f"True or false? {statement}", "False") for statement in statements])
    known = lesson.guids(lesson.export())
    statements[1] = "Spiders have six legs."
    lesson.write([(f"True or false? {statement}", "False") for statement in statements])
    after = lesson.guids(lesson.export())
    assert after["True or false? Spiders have six legs."] not in known.values()
    assert after["True or false? Whales are fish."] == known["True or false? Whales are fish."]


def test_two_similar_questions_that_both_change_are_told_apart_by_their_answers(lesson):
    lesson.write(
        [
            ("What does the encoder do?", "It reads the sentence and makes vectors of it."),
            ("What does the decoder do?", "It makes a sentence out of vectors, word by word."),
        ]
    )
    before = lesson.guids(lesson.export())
    lesson.write(
        [
            ("And the decoder, what does it do?", "It makes a sentence out of vectors, word by word."),
            ("And the encoder, what does it do?", "It reads the sentence and makes vectors of it."),
        ]
    )
    after = lesson.guids(lesson.export())
    assert after["And the decoder, what does it do?"] == before["What does the decoder do?"]
    assert after["And the encoder, what does it do?"] == before["What does the encoder do?"]


def test_earlier_wording_that_comes_back_is_the_same_note(lesson, known):
    lesson.write(changed(1, "Which loop stays as wide as it was?"))
    lesson.export()
    pairs = changed(1, answer="A wholly new answer.")
    assert guid_after(lesson, pairs, PAIRS[1][0]) == known[PAIRS[1][0]]


def test_new_question_with_the_earlier_wording_of_another_is_a_note_of_its_own(lesson, known):
    reworded = changed(1, "Which loop stays as wide as it was tied?")
    lesson.write(reworded)
    lesson.export()
    lesson.write([*reworded, (PAIRS[1][0], "Here another knot is meant.")])
    after = lesson.guids(lesson.export())
    assert after["Which loop stays as wide as it was tied?"] == known[PAIRS[1][0]]
    assert after[PAIRS[1][0]] not in known.values()
    assert lesson.guids(lesson.export()) == after


def test_question_that_stands_several_times_goes_by_its_answer_and_never_by_its_place(lesson):
    shown = "What is shown?"
    lesson.write([(shown, "A red cat.")])
    (cat,) = (note.guid for note in lesson.export().notes)
    lesson.write([(shown, "A blue dog."), (shown, "A red cat.")])
    dog = lesson.export().notes[0].guid
    assert lesson.export().notes[1].guid == cat
    lesson.write([(shown, "A blue dog.")])
    assert [note.guid for note in lesson.export().notes] == [dog]
    lesson.write([(shown, "A blue dog."), (shown, "A red cat.")])
    assert [note.guid for note in lesson.export().notes] == [dog, cat]
    lesson.write([(shown, "A blue dog, asleep."), (shown, "A red cat, asleep.")])
    assert {note.guid for note in lesson.export().notes}.isdisjoint({cat, dog})


def test_part_under_another_prompt_with_another_answer_is_another_question(lesson):
    text = "# Numbers\n\n{}\n\nA. 91\n\nB. 97\n\n<details><summary>Answer</summary>\n\nA. {}\n\nB. {}\n\n</details>\n"
    page = lesson.folder / "knots.md"
    page.write_text(text.format("For each number, say whether it is prime.", "no", "yes"))
    primes = [note.guid for note in lesson.export().notes]
    page.write_text(text.format("For each number, give its remainder by 7.", "zero", "six"))
    assert {note.guid for note in lesson.export().notes}.isdisjoint(primes)


def test_pair_that_moved_is_surer_than_its_question_with_another_answer(lesson):
    lesson.write([("What is a stack?", "A pile of plates, one on the other."), *PAIRS[:2]])
    known = lesson.guids(lesson.export())
    lesson.write([("What is a stack?", "The memory of calls that have not returned."), *PAIRS[:2]])
    lesson.write([("What is a stack?", "A pile of plates, one on the other."), PAIRS[3]], "ropes.md", "Ropes")
    course = lesson.export()
    by_deck = {(note.guid, deck.title) for deck in course.decks for note in deck.notes}
    assert (known["What is a stack?"], "Ropes") in by_deck


# Likeness is told, and can be refused


def test_likeness_is_reported_with_both_texts_and_its_score(lesson, known, run):
    lesson.write(changed(1, "Which loop does not slip when it is loaded?"))
    result = run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck)
    (told,) = [line for line in result.stderr.splitlines() if "% alike" in line]
    assert told.startswith(f"{lesson.folder / 'knots.md'}:11: note: ")
    assert PAIRS[1][0] in told and "Which loop does not slip when it is loaded?" in told
    assert f'{{"refuse": "{known[PAIRS[1][0]]}", "for": "' in told


def test_likeness_is_refused_by_an_option(lesson, known):
    question = "Which loop does not slip when it is loaded?"
    assert guid_after(lesson, changed(1, question), question, fuzzy=False) not in known.values()


def test_other_matches_need_no_likeness(lesson, known):
    lesson.write([PAIRS[3], *PAIRS[:3], (PAIRS[4][0], "Another answer.")])
    course = lesson.export(fuzzy=False)
    assert set(lesson.guids(course).items()) <= set(known.items())


def test_line_in_the_lock_refuses_a_match_before_and_after_it_was_made(lesson, known, run):
    question = "Which loop does not slip when it is loaded?"
    lesson.write(changed(1, question))
    told = run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck).stderr
    (line,) = [line for line in told.splitlines() if "% alike" in line]
    with lesson.lock.open("a", encoding="utf-8") as lock:
        lock.write(line[line.index('{"refuse"') :] + "\n")
    course = lesson.export()
    assert lesson.guids(course)[question] not in known.values()
    assert course.diff.removed == (known[PAIRS[1][0]],)
    assert lesson.guids(lesson.export()) == lesson.guids(course)
    assert load_lock(lesson.lock).refused


# Questions come and go


def test_removed_question_is_retired_and_returns_with_its_history(lesson, known):
    lesson.write(PAIRS[:1] + PAIRS[2:])
    gone = lesson.export()
    assert gone.diff.removed == (known[PAIRS[1][0]],)
    (page,) = load_lock(lesson.lock).pages
    assert [note.guid for note in page.notes if note.retired] == [known[PAIRS[1][0]]]
    assert lesson.export().diff.removed == ()
    lesson.write([*PAIRS[2:], *PAIRS[:2]])
    back = lesson.export()
    assert lesson.guids(back) == known
    assert back.diff.added == (known[PAIRS[1][0]],)
    assert not any(note.retired for page in load_lock(lesson.lock).pages for note in page.notes)


def test_question_that_takes_the_place_of_a_removed_one_is_new(lesson, known):
    lesson.write(PAIRS[:1] + PAIRS[2:])
    lesson.export()
    question = "Which anchor holds best in sand?"
    assert guid_after(lesson, changed(1, question, "A plough anchor holds best there."), question) not in known.values()


def test_order_changes_nothing(lesson, known):
    lesson.write(PAIRS[::-1])
    course = lesson.export()
    assert lesson.guids(course) == known
    assert len(course.diff.unchanged) == len(PAIRS)


# Pages


def test_question_that_moves_to_another_page_keeps_its_guid(lesson):
    lesson.write(PAIRS[:4])
    lesson.write(PAIRS[4:], "ropes.md", "Ropes")
    known = lesson.guids(lesson.export())
    lesson.write(PAIRS[:3])
    lesson.write([*PAIRS[4:], PAIRS[3]], "ropes.md", "Ropes")
    course = lesson.export()
    assert lesson.guids(course) == known
    assert course.diff.moved == (known[PAIRS[3][0]],)


def test_page_that_splits_in_two_keeps_every_guid(lesson, known):
    lesson.write(PAIRS[:4])
    lesson.write(PAIRS[4:], "ropes.md", "Ropes")
    assert lesson.guids(lesson.export()) == known


def test_two_pages_that_become_one_keep_every_guid(lesson):
    lesson.write(PAIRS[:4])
    lesson.write(PAIRS[4:], "ropes.md", "Ropes")
    known = lesson.guids(lesson.export())
    (lesson.folder / "ropes.md").unlink()
    lesson.write(PAIRS)
    course = lesson.export(allow_shrink=False)
    assert lesson.guids(course) == known
    assert len(course.diff.moved) == 2
    assert [page.key for page in load_lock(lesson.lock).pages] == ["knots"]


@pytest.mark.parametrize("file", ["knots.md", "hitches.md"])
def test_page_with_another_title_is_the_same_page_and_keeps_its_deck(file, lesson, known):
    (lesson.folder / "knots.md").unlink()
    reworded = "Name the loop that stays as wide as it was tied."
    lesson.write(changed(1, reworded), file, "Knots and hitches")
    course = lesson.export(allow_shrink=False)
    assert lesson.guids(course)[reworded] == known[PAIRS[1][0]]
    assert [deck.name for deck in course.decks] == ["Knots::Knots"]
    assert course.diff.moved == ()
    assert [page.key for page in load_lock(lesson.lock).pages] == ["knots-and-hitches"]


def test_page_in_another_form_is_the_same_page(lesson, known):
    (lesson.folder / "knots.md").unlink()
    dump = "\n\n".join(f"{i}. {question}\n\nShow answer\n\n{answer}" for i, (question, answer) in enumerate(PAIRS, 1))
    (lesson.folder / "knots.txt").write_text(f"Practice: Knots\n\n{dump}\n", "utf-8")
    course = lesson.export()
    assert lesson.guids(course) == known
    assert load_lock(lesson.lock).pages[0].file == "knots.txt"


def test_question_that_becomes_a_flashcard_keeps_its_guid(lesson, known):
    page = lesson.folder / "knots.md"
    question, _answer = PAIRS[-1]
    text = page.read_text("utf-8").replace(
        f"**6.** {question}\n\n<details><summary>Show answer</summary>", f"<details><summary>{question}</summary>"
    )
    page.write_text(text, "utf-8")
    course = lesson.export()
    assert course.notes[-1].item.kind == "flashcard"
    assert course.notes[-1].guid == known[question]


def test_new_page_with_one_question_of_a_deleted_one_is_a_page_of_its_own(lesson, known):
    (lesson.folder / "knots.md").unlink()
    lesson.write([PAIRS[0], ("What is an anchor?", "What holds a ship in place.")], "anchors.md", "Anchors")
    course = lesson.export()
    assert [deck.name for deck in course.decks] == ["Knots::Anchors"]
    assert lesson.guids(course)[PAIRS[0][0]] == known[PAIRS[0][0]]


def test_removed_question_of_a_renamed_page_is_told_under_its_new_key(lesson, known):
    lesson.write(PAIRS[1:], title="Knots and hitches")
    (removed,) = [change for change in lesson.build().changes if change.kind == "removed"]
    assert removed.page_key == "knots-and-hitches"


def test_two_pages_of_one_title_keep_their_deck_names_in_peace(lesson):
    lesson.write(PAIRS[:3])
    (lesson.folder / "ankiexport.toml").write_text('[[page]]\nfile = "other.md"\nkey = "other"\n')
    lesson.write(PAIRS[3:], "other.md", "Knots")
    first = [deck.name for deck in lesson.export().decks]
    course = lesson.export()
    assert [deck.name for deck in course.decks] == first
    assert not [problem for problem in course.problems if "keeps its name" in problem.message]


# Ids that the author has set


def cards(*cards):
    return "# Knots\n\n" + "\n".join(
        f'<details id="{name}"><summary>{question}</summary>\n\n{answer}\n\n</details>\n'
        for name, question, answer in cards
    )


def test_id_on_a_reveal_outlives_question_and_answer(lesson):
    page = lesson.folder / "knots.md"
    page.write_text(cards(("bend", "What is a bend?", "It joins ropes."), ("hitch", "What is a hitch?", "It holds.")))
    bend, hitch = (note.guid for note in lesson.export().notes)
    page.write_text(
        cards(
            ("hitch", "Where does one tie to a ring?", "With a hitch."), ("bend", "How are ropes joined?", "By bends.")
        )
    )
    assert [note.guid for note in lesson.export().notes] == [hitch, bend]


def test_id_on_a_component_outlives_question_and_answer(lesson):
    page = lesson.folder / "knots.mdx"
    page.write_text('# Knots\n\n<Flashcard id="bend" question="What is a bend?" answer="It joins ropes." />\n')
    (before,) = lesson.export().notes
    page.write_text('# Knots\n\n<Flashcard id="bend" question="How are two joined?" answer="By a bend." />\n')
    (after,) = lesson.export().notes
    assert after.guid == before.guid


def test_id_of_an_exercise_goes_for_each_of_its_parts(lesson):
    text = (
        "# Knots\n\nName the knot.\n\nA. {}\n\nB. {}\n\n"
        '<details id="naming"><summary>Answer</summary>\n\nA. {}\n\nB. {}\n\n</details>\n'
    )
    page = lesson.folder / "knots.md"
    page.write_text(text.format("It joins.", "It holds.", "A bend.", "A hitch."))
    before = [note.guid for note in lesson.export().notes]
    page.write_text(text.format("Two ropes become one.", "A ring stops it.", "Bends do.", "Hitches do."))
    assert [note.guid for note in lesson.export().notes] == before


def test_ids_that_only_count_the_cards_do_not_give_histories_to_others(lesson):
    page = lesson.folder / "knots.md"
    page.write_text(cards(("q1", "What is a bend?", "It joins ropes."), ("q2", "What is a hitch?", "It holds.")))
    bend, hitch = (note.guid for note in lesson.export().notes)
    page.write_text(
        cards(
            ("q1", "What is a splice?", "Strands that are woven together."),
            ("q2", "What is a bend?", "It joins ropes."),
            ("q3", "What is a hitch?", "It holds."),
        )
    )
    after = [note.guid for note in lesson.export().notes]
    assert after[1:] == [bend, hitch]
    assert after[0] not in (bend, hitch)


def test_id_still_counts_after_one_of_its_matches_was_refused(lesson):
    page = lesson.folder / "knots.md"
    page.write_text(cards(("bend", "What is a bend?", "It joins ropes."), ("hitch", "What is a hitch?", "It holds.")))
    first = lesson.export().notes[0].guid
    page.write_text(
        cards(("bend", "How old is rope?", "Older than writing."), ("hitch", "What is a hitch?", "It holds."))
    )
    fresh = lesson.build(fuzzy=False)
    assert fresh.notes[0].guid == first
    own = build(read(page), course="Knots").notes[0].guid
    with lesson.lock.open("a") as lock:
        lock.write(f'{{"refuse": "{first}", "for": "{own}"}}\n')
    second = lesson.export().notes[0].guid
    assert second != first
    page.write_text(
        cards(("bend", "Who made rope first?", "Nobody knows that."), ("hitch", "What is a hitch?", "It holds."))
    )
    assert lesson.export().notes[0].guid == second


def test_ids_that_count_again_are_believed_for_none_that_changed(lesson):
    page = lesson.folder / "knots.md"
    page.write_text(
        cards(
            ("1", "What is an anchor?", "It holds a ship."),
            ("2", "What is a buoy?", "It floats."),
            ("3", "What is a cleat?", "Ropes are made fast to it."),
        )
    )
    anchor, _, cleat = (note.guid for note in lesson.export().notes)
    page.write_text(
        cards(
            ("1", "What is a buoy for?", "It marks a place."), ("2", "What is a cleat?", "Ropes are made fast to it.")
        )
    )
    first, second = (note.guid for note in lesson.export().notes)
    assert second == cleat
    assert first != anchor


# What a run speaks of


def test_building_one_page_retires_nothing_of_the_others(lesson):
    lesson.write(PAIRS[:3])
    lesson.write(PAIRS[3:], "ropes.md", "Ropes")
    known = lesson.guids(lesson.export())
    course = lesson.export(lesson.folder / "ropes.md")
    assert course.diff.removed == ()
    assert course.shrunk is None
    assert lesson.guids(lesson.export()) == known


def test_page_that_vanished_beside_a_page_given_alone_is_not_retired(lesson):
    lesson.write(PAIRS[:3])
    lesson.write(PAIRS[3:], "ropes.md", "Ropes")
    lesson.export()
    (lesson.folder / "knots.md").unlink()
    assert lesson.build(lesson.folder / "ropes.md").diff.removed == ()
    assert len(lesson.build(lesson.folder).diff.removed) == 3


@pytest.mark.parametrize("pattern", ["*.md", "tying.md"])
def test_lesson_whose_file_and_title_change_is_known_though_no_folder_is_given(pattern, lesson, known):
    (lesson.folder / "knots.md").unlink()
    lesson.write(PAIRS, "tying.md", "Tying")
    course = lesson.export(lesson.folder / pattern)
    assert lesson.guids(course) == known
    assert [page.key for page in load_lock(lesson.lock).pages] == ["tying"]


def test_copy_of_a_question_on_another_page_does_not_take_its_history(lesson):
    lesson.write(PAIRS[:3])
    known = lesson.guids(lesson.export())
    lesson.write([PAIRS[0], PAIRS[4]], "ropes.md", "Ropes")
    course = lesson.export(lesson.folder / "ropes.md")
    assert {note.guid for note in course.notes}.isdisjoint(known.values())


# So much is gone that it looks like a mistake


def test_page_that_gives_nothing_any_more_stops_the_build(lesson):
    lesson.write(PAIRS[:1])
    lesson.write(PAIRS[1:], "ropes.md", "Ropes")
    lesson.export()
    before = (lesson.lock.read_bytes(), lesson.deck.read_bytes())
    (lesson.folder / "knots.md").write_text("# Knots\n\nTo be written anew.\n", "utf-8")
    with pytest.raises(ShrinkError, match=r"1 of 6 notes .* knots, which gives none"):
        lesson.export(allow_shrink=False)
    assert (lesson.lock.read_bytes(), lesson.deck.read_bytes()) == before
    assert len(lesson.export(allow_shrink=True).diff.removed) == 1


@pytest.mark.parametrize(("of", "gone", "stops"), [(20, 4, False), (25, 5, False), (20, 5, True), (10, 4, False)])
def test_build_stops_when_more_than_a_fifth_and_five_notes_are_gone(of, gone, stops, lesson):
    pairs = [
        (f"What is in drawer {name}?", f"The things that begin with {name}.") for name in "abcdefghijklmnopqrstuvwxy"
    ]
    lesson.write(pairs[:of])
    lesson.export()
    lesson.write(pairs[: of - gone])
    assert bool(lesson.build().shrunk) is stops


def test_only_pages_of_this_run_count_for_what_is_gone(lesson):
    pairs = [(f"What is in drawer {name}?", f"The things that begin with {name}.") for name in "abcdefghij"]
    lesson.write(pairs)
    lesson.write(PAIRS * 5, "ropes.md", "Ropes")
    lesson.export()
    lesson.write(pairs[:5])
    assert lesson.build(lesson.folder / "knots.md").shrunk


def test_page_whose_file_is_gone_stops_the_build_of_its_folder(lesson, run):
    lesson.write(PAIRS[:1])
    lesson.write(PAIRS[1:], "ropes.md", "Ropes")
    lesson.export()
    (lesson.folder / "knots.md").unlink()
    result = run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck)
    assert result.exit_code == 1
    assert "--allow-shrink" in result.stderr.splitlines()[-1]
    assert run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck, "--allow-shrink").exit_code == 0


def test_page_that_loses_its_last_item_is_status_1_before_it_is_3(lesson, run, known):
    (lesson.folder / "knots.md").write_text("# Knots\n", "utf-8")
    assert run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck).exit_code == 1
    assert run("build", "--course", "Knots", lesson.folder, "-o", lesson.deck, "--allow-shrink").exit_code == 3
    assert load_lock(lesson.lock).pages[0].notes[0].retired is False


# Many at once


@pytest.mark.parametrize("same_answers", [True, False])
def test_page_of_a_thousand_reworded_questions_is_still_read(same_answers, read_text, tmp_path):
    def page(ask):
        text = "\n".join(
            f"**{i}.** {ask} number {i} mean for wheel {i * i}?\n\n<details><summary>Answer</summary>\n\n"
            f"{'Yes' if same_answers else f'It turns {i} times, no more and no less.'}\n\n</details>\n"
            for i in range(1, 1001)
        )
        return read_text(text)

    lock = tmp_path / "ankiexport.lock"
    before = build([page("What does")], course="Wheels", lock=lock)
    after = build([page("What exactly does")], course="Wheels", lock=replace(before.lock))
    assert [note.guid for note in after.notes] == [note.guid for note in before.notes]


def test_lessons_that_swap_their_titles_swap_no_histories(lesson):
    statements = {
        "knots.md": ["Whales are fish.", "Bats are birds.", "Spiders have six legs."],
        "ropes.md": ["Ropes are made of steel.", "Hemp does not rot.", "Nylon does not stretch."],
    }
    titles = ["Knots", "Ropes"]
    for name, title in zip(statements, titles, strict=True):
        lesson.write([(statement, "False") for statement in statements[name]], name, title)
    known = lesson.guids(lesson.export())
    for name, title in zip(statements, reversed(titles), strict=True):
        lesson.write([(statement, "False") for statement in statements[name]], name, title)
    assert lesson.guids(lesson.export()) == known


@pytest.mark.parametrize(
    "answer",
    ["False", "B", "12", "Yes, always.", "Four", "(b).", "B and C.", "It does not.", "Both statements are true."],
)
def test_answer_that_any_question_may_have_vouches_for_none(answer, lesson):
    lesson.write([("Whales are fish.", answer)])
    (known,) = lesson.export().notes
    lesson.write([("Bats are fish.", answer)])
    (other,) = lesson.export().notes
    assert other.guid != known.guid


def test_short_answer_of_its_own_vouches_for_a_reworded_question(lesson):
    lesson.write([("What is the capital of France?", "Paris"), ("What is the capital of Peru?", "Lima")])
    known = lesson.guids(lesson.export())
    lesson.write([("Name the capital city of France.", "Paris"), ("What is the capital of Peru?", "Lima")])
    assert lesson.guids(lesson.export())["Name the capital city of France."] == known["What is the capital of France?"]
