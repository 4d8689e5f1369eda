"""Two files with one title: forms of one page become one, different pages are told apart by `ankiexport.toml`."""

import re
from pathlib import Path

import pytest

from ankiexport import UsageError, build, read

QUESTIONS = ("Which way is up?", "Which way is down?", "Which way is back?", "Which way is on?", "Which way is out?")


def markdown(*questions: str) -> str:
    pairs = (
        f"**{n}.** {text}\n\n<details><summary>Show answer</summary>\n\nThis way.\n\n</details>\n"
        for n, text in enumerate(questions, 1)
    )
    return "# Practice: Ways\n\n" + "\n".join(pairs)


def html(*questions: str) -> str:
    pairs = (
        f"<p>{n}. {text}</p><details><summary>Show answer</summary><p>This way.</p></details>"
        for n, text in enumerate(questions, 1)
    )
    return f"<!DOCTYPE html><html><body><main><h1>Practice: Ways</h1>{''.join(pairs)}</main></body></html>"


def dump(*questions: str) -> str:
    return "Practice: Ways\n\n" + "\n".join(
        f"{n}. {text}\n\nShow answer\n\nThis way.\n" for n, text in enumerate(questions, 1)
    )


FORMS = {"txt": dump, "html": html, "md": markdown, "mdx": markdown}


def write(folder, **forms):
    for suffix, questions in forms.items():
        (folder / f"ways-{suffix}.{suffix}").write_text(FORMS[suffix](*questions), "utf-8")


@pytest.mark.parametrize(
    ("suffixes", "richest"),
    [(("txt", "html"), "html"), (("html", "md"), "md"), (("txt", "mdx"), "mdx"), (("txt", "html", "md"), "md")],
)
def test_forms_of_one_page_become_its_richest_form_with_a_note(tmp_path, suffixes, richest):
    write(tmp_path, **dict.fromkeys(suffixes, QUESTIONS))
    (page,) = read(tmp_path)
    assert page.source.path.suffix == f".{richest}"
    notes = [problem for problem in page.problems if "same page" in problem.message]
    assert [problem.severity for problem in notes] == ["note"] * (len(suffixes) - 1)
    assert {Path(note.location.source).suffix[1:] for note in notes} == set(suffixes) - {richest}


def test_form_that_is_taken_gives_the_guids_of_the_others(tmp_path):
    guids = set()
    for suffix in FORMS:
        folder = tmp_path / suffix
        folder.mkdir()
        write(folder, **{suffix: QUESTIONS})
        guids.add(tuple(note.guid for note in build(read(folder), course="Ways").notes))
    assert len(guids) == 1


def test_two_equal_files_are_one_page(tmp_path):
    write(tmp_path, txt=QUESTIONS, md=QUESTIONS)
    (tmp_path / "copy.md").write_text(markdown(*QUESTIONS), "utf-8")
    (page,) = read(tmp_path)
    assert len(page.items) == len(QUESTIONS)


def test_form_with_some_other_question_is_one_page_with_a_warning(tmp_path):
    write(tmp_path, txt=(*QUESTIONS[:4], "Which way is in?"), md=QUESTIONS)
    (page,) = read(tmp_path)
    assert page.source.format == "markdown"
    assert [problem.severity for problem in page.problems if "same page" in problem.message] == ["warning"]


def test_form_that_says_nothing_gives_way_to_one_with_items(tmp_path):
    write(tmp_path, txt=QUESTIONS, md=())
    (page,) = read(tmp_path)
    assert page.source.format == "text"
    assert len(page.items) == len(QUESTIONS)


def test_different_pages_with_one_title_end_the_command_with_status_2(tmp_path, run):
    write(tmp_path, txt=("Where is north?", "Where is south?"), md=QUESTIONS)
    result = run("build", tmp_path)
    assert result.exit_code == 2
    assert "[[page]]" in result.stderr
    assert "ways-txt.txt" in result.stderr and "ways-md.md" in result.stderr
    assert list((tmp_path / "working-folder").iterdir()) == []


def pasted(message: str) -> str:
    """What the message tells to paste, from `[[page]]` on."""
    return message[message.index("[[page]]") :]


# Keys cannot stand on the line of their [[page]], and the name of the file needs the folders between it and the TOML.
@pytest.mark.parametrize("folder", ["", "part two"], ids=["beside the file", "in a folder below"])
def test_line_that_the_error_gives_can_be_pasted(tmp_path, folder):
    (tmp_path / folder).mkdir(exist_ok=True)
    write(tmp_path / folder, txt=("Where is north?", "Where is south?"), md=QUESTIONS)
    (tmp_path / "ankiexport.toml").write_text('[course]\nname = "Ways"\n', "utf-8")
    with pytest.raises(UsageError) as caught:
        read(tmp_path)
    toml = tmp_path / "ankiexport.toml"
    toml.write_text(toml.read_text("utf-8") + "\n" + pasted(str(caught.value)) + "\n", "utf-8")
    pages = read(tmp_path)
    assert sorted(len(page.items) for page in pages) == [2, len(QUESTIONS)]
    assert len({page.key for page in pages}) == 2
    assert len(build(pages).decks) == 2


def test_key_that_the_error_gives_makes_the_pages_two(tmp_path):
    write(tmp_path, txt=("Where is north?", "Where is south?"), md=QUESTIONS)
    with pytest.raises(UsageError) as caught:
        read(tmp_path)
    keys = re.findall(r"(\w+) = (\"[^\"]+\"|'[^']+')", pasted(str(caught.value)))
    (tmp_path / "ankiexport.toml").write_text("[[page]]\n" + "\n".join(" = ".join(pair) for pair in keys), "utf-8")
    assert sorted(page.key for page in read(tmp_path)) == ["ways", "ways-2"]
