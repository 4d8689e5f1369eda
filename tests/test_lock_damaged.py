"""A lock that is not as it was written: told with its line and what to do, and nothing is touched."""

import re

import pytest
from sky import (
    LAST_SECOND,
    MOON,
    RESTORE,
    VERBS,
    assert_refused,
    end,
    locked_notes,
    records,
    start,
    state,
    tree,
    write_page,
)

from ankiexport import UsageError
from ankiexport.lock import load_lock

# Damage


def line_of(text, part):
    """The number of the first line that holds this."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def changed(part, new):
    """Damages the first place of this in a lock; gives its line too."""
    return lambda text: (text.replace(part, new, 1), line_of(text, part))


def sub(pattern, new):
    """The same with a pattern."""

    def damage(text):
        found = re.search(pattern, text)
        return text[: found.start()] + found.expand(new) + text[found.end() :], text[: found.start()].count("\n") + 1

    return damage


def without_header(text):
    return re.sub(r'\{"lock".*\n', "", text), 3  # where the first page stands then


def second_head(text):
    head = next(line for line in text.split("\n") if line.startswith('{"lock"'))
    return text.replace(head, f"{head}\n{head}"), 3


def page_twice(text):
    page = next(line for line in text.split("\n") if line.startswith('{"key"'))
    return text.replace("# end", f"{page}\n# end"), text.count("\n")


def note_above_the_pages(text):
    last = next(line for line in text.split("\n") if line.startswith('{"guid"'))
    return text.replace('\n\n{"key"', f'\n{last}\n\n{{"key"', 1), 3


def merge_marks(text):
    lines = text.split("\n")
    return "\n".join([*lines[:4], "<<<<<<< HEAD", lines[4], "=======", lines[4], ">>>>>>> theirs", *lines[5:]]), 5


def rest_of_a_merge(mark):
    return lambda text: (text.replace('{"guid"', f'{mark}\n{{"guid"', 1), line_of(text, '{"guid"'))


DAMAGES = {
    "garbage line": (changed('{"guid"', "garbage"), RESTORE),
    "JSON that is no object": (sub(r'\{"guid".*', "[1, 2]"), RESTORE),
    "nested deeply": (sub(r'\{"guid".*', "[" * 100_000), RESTORE),
    "number of many digits": (sub(r'("modified": )\d+', r"\g<1>" + "9" * 5000), RESTORE),
    "no header": (without_header, RESTORE),
    "header without its course": (changed('"course": "sky", ', ""), RESTORE),
    "course that is a path": (changed('"course": "sky"', '"course": "../sky"'), RESTORE),
    "course with a space": (changed('"course": "sky"', '"course": "the sky"'), RESTORE),
    "course without an id": (changed('"course": "sky"', '"course": ""'), RESTORE),
    "header of another type": (changed('"lock": 1', '"lock": "1"'), RESTORE),
    "header with a truth value": (changed('"lock": 1', '"lock": true'), RESTORE),
    "format below the first": (changed('"lock": 1', '"lock": 0'), RESTORE),
    "newer format": (changed('"lock": 1', '"lock": 2'), r"in a format that .* not know: update ankiexport"),
    "newer format of another form": (sub(r'\{"lock".*', '{"lock": 7, "of": []}'), r"a newer version .*: update"),
    "page with a wrong type": (changed('"deck": "sky::Moon"', '"deck": 7'), RESTORE),
    "number that is a truth value": (changed('"number": null', '"number": true'), RESTORE),
    "file with a NUL": (changed('"file": "2.md"', '"file": "2\\u0000.md"'), RESTORE),
    "page without its file": (sub(r', "file": "2.md"', ""), RESTORE),
    "note with a wrong type": (sub(r'"question": "[^"]*"', '"question": null'), RESTORE),
    "note with a number for a time": (sub(r'("modified": )(\d+)', r"\1\2.5"), RESTORE),
    "note with an unknown part": (changed('"label"', '"colour": "red", "label"'), RESTORE),
    "note without a part": (changed('"label": null, ', ""), RESTORE),
    "negative time": (sub(r'("modified": )', r"\1-"), RESTORE),
    "time after the year 9999": (sub(r'("modified": )\d+', rf"\g<1>{LAST_SECOND + 1}"), RESTORE),
    "time that is a truth value": (sub(r'("modified": )\d+', r"\g<1>true"), RESTORE),
    "negative id": (sub(r'("note_id": )', r"\1-"), RESTORE),
    "id that is a truth value": (sub(r'("note_id": )\d+', r"\g<1>true"), RESTORE),
    "unknown kind": (changed('"kind": "self-check"', '"kind": "riddle"'), RESTORE),
    "GUID of another form": (sub(r'("guid": ")..', r"\1É!"), RESTORE),
    "lone surrogate": (changed('"deck": "sky::Moon"', '"deck": "sky::\\ud800"'), RESTORE),
    "note above the first page": (note_above_the_pages, RESTORE),
    "second head": (second_head, r"a second head, as of a merge: keep one of the two lines"),
    "page twice": (page_twice, r"the page moon stands on line 4 already: keep one of the two"),
    "unfinished merge": (merge_marks, r"an unfinished merge: keep the lines of both sides, then go on"),
    "second half of a merge": (rest_of_a_merge("======="), r"an unfinished merge"),
    "end of a merge": (rest_of_a_merge(">>>>>>> theirs"), r"an unfinished merge"),
    "base of a merge": (rest_of_a_merge("||||||| 1a2b3c4"), r"an unfinished merge"),
    "nothing in it": (lambda _: ("", 1), RESTORE),
}


@pytest.mark.parametrize(("damage", "advice"), DAMAGES.values(), ids=DAMAGES)
def test_damaged_lock_is_one_line_that_says_what_to_do(damage, advice, sky, lock, deck, run, tmp_path, day):
    text, line = damage(lock.read_text("utf-8"))
    lock.write_text(text, "utf-8", newline="")
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    before = tree(tmp_path)
    day(2)
    for verb in ("build", "diff"):
        assert_refused(run(verb, sky), f"{lock}:{line}: ", advice)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("verb", VERBS)
def test_damaged_lock_stops_each_verb(verb, sky, lock, deck, run, tmp_path):
    lock.write_text("garbage\n", "utf-8")
    before = tree(tmp_path)
    assert_refused(run(verb, sky), f"{lock}:1: ", RESTORE)
    assert tree(tmp_path) == before


def test_file_name_too_long_for_the_system_is_no_error_of_standard_output(sky, lock, tmp_path):
    lock.write_text(lock.read_text("utf-8").replace("2.md", "2" * 5000 + ".md"), "utf-8")
    (sky / "2.md").unlink()
    status, error = end(start("build", sky, "--allow-shrink", "-o", tmp_path / "new.apkg"))
    assert status in (0, 2), error
    assert "standard output" not in error


def test_lock_that_is_not_utf_8_is_refused(sky, lock, deck, run, tmp_path):
    whole = lock.read_bytes()
    lock.write_bytes(whole.replace(b"tides", b"t\xefdes"))
    line = whole[: whole.index(b"tides")].count(b"\n") + 1
    before = tree(tmp_path)
    assert_refused(run("build", sky), f"{lock}:{line}: damaged: not UTF-8; ", RESTORE)
    assert tree(tmp_path) == before


def test_lock_in_utf_16_is_refused(sky, lock, deck, run, tmp_path):
    lock.write_text(lock.read_text("utf-8"), "utf-16")
    before = tree(tmp_path)
    assert_refused(run("build", sky), f"{lock}:1: ", RESTORE)
    assert tree(tmp_path) == before


def test_folder_in_place_of_the_lock_is_refused(sky, run, tmp_path):
    lock = sky / "ankiexport.lock"
    lock.mkdir()
    before = tree(tmp_path)
    for verb in VERBS:
        result = run(verb, sky)
        assert_refused(result, f"{lock}:1: ", "cannot be read")
    assert run("build", sky, "--lock", lock).exit_code == 2
    assert tree(tmp_path) == before


def test_cut_lock_is_refused_wherever_it_is_cut(lock):
    data = lock.read_bytes()
    for cut in range(len(data) - 1):
        lock.write_bytes(data[:cut])
        with pytest.raises(UsageError, match=RESTORE):
            load_lock(lock)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
def test_build_with_a_cut_lock_leaves_everything_as_it_was(share, sky, lock, deck, run, tmp_path):
    data = lock.read_bytes()
    cut = data[: int(len(data) * share)].rstrip(b"\n}")
    lock.write_bytes(cut)
    before = tree(tmp_path)
    assert_refused(run("build", sky), f"{lock}:", RESTORE)
    assert tree(tmp_path) == before


def test_lock_of_a_course_with_another_id_is_refused(sky, lock, deck, run, tmp_path):
    (sky / "ankiexport.toml").write_text('[course]\nname = "Sky"\nid = "heavens"\n', "utf-8")
    before = tree(tmp_path)
    for verb in VERBS:
        assert_refused(
            run(verb, sky), f"{lock}:1: ", r"the lock of the course 'sky', not of 'heavens'.*--lock.*id = \"sky\""
        )
    assert tree(tmp_path) == before


def test_lock_of_a_course_with_another_name_and_no_page_in_common_is_refused(sky, lock, deck, run, tmp_path):
    write_page(tmp_path / "sea" / "1.md", "Whales", "How do they breathe?")
    before = tree(tmp_path)
    arguments = (tmp_path / "sea", "--course", "Sea", "--lock", lock)
    for verb in VERBS:
        assert_refused(run(verb, *arguments), f"{lock}:1: ", r"the lock of the course 'sky', not of 'sea'.*--lock")
    assert tree(tmp_path) == before


def test_lock_of_the_same_course_takes_a_lesson_that_it_does_not_know(sky, lock, run):
    write_page(sky / "3.md", "Mars", "Why is it red?")
    assert run("build", sky / "3.md").exit_code == 0
    assert [record["key"] for record in records(lock) if "key" in record] == ["mars", "moon", "sun"]


# Line ends, a byte order mark

DRESSES = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "BOM": lambda data: b"\xef\xbb\xbf" + data,
    "both": lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_line_ends_and_a_byte_order_mark_are_no_change(dress, sky, lock, run, day):
    lock.write_bytes(dress(lock.read_bytes()))
    before = state(lock)
    day(2)
    for options in (("--locked",), ()):
        result = run("build", sky, *options)
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "sky.apkg: 5 notes in 2 decks: 5 unchanged")
    assert state(lock) == before


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_lock_with_other_line_ends_is_written_whole(dress, sky, lock, run, day):
    lock.write_bytes(dress(lock.read_bytes()))
    day(2)
    write_page(sky / "2.md", "Moon", *MOON, "Who stood there first?")
    assert run("build", sky, "--locked").exit_code == 1
    assert run("build", sky).exit_code == 0
    assert run("build", sky, "--locked").exit_code == 0
    assert len(locked_notes(lock)) == 6
