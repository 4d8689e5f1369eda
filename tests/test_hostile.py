"""Pages, settings and circumstances that once broke something, each by the situation it was found in."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ankiexport
from ankiexport import Page, Source, SourceError, UsageError

REVEAL = "<details><summary>Show answer</summary>{}</details>"
MARKDOWN = "**1.** {}\n\n<details>\n<summary>Show answer</summary>\n\n{}\n\n</details>\n"


def page_of(text: str, page_format: str) -> Page:
    (page,) = ankiexport.read(Source(name="p", text=text, format=page_format))
    return page


def messages(page: Page) -> str:
    return "\n".join(problem.message for problem in page.problems)


# What a page says


@pytest.mark.parametrize("letter", ["A.", "A", "Q.", "Answer"])
def test_answer_that_looks_like_the_label_of_a_side_is_kept(letter):
    page = page_of(f"<p>1. Which letter?</p>{REVEAL.format(f'<p>{letter}</p><p>Because.</p>')}", "html")
    assert page.items[0].answer == f"<p>{letter}</p>\n<p>Because.</p>"
    page = page_of(f"<p>1. Which letter?</p>{REVEAL.format(f'<p>{letter}</p>')}", "html")
    assert page.items[0].answer == letter


def test_number_alone_is_an_answer_though_markdown_takes_it_for_a_list():
    assert page_of(MARKDOWN.format("How many?", "3."), "markdown").items[0].answer == "3."


def test_text_between_two_rules_at_the_top_is_no_front_matter():
    page = page_of("---\nQ: What is kept?\n\nA: This.\n\n---\n\nQ: And this?\n\nA: Too.\n", "markdown")
    assert [item.question for item in page.items] == ["What is kept?", "And this?"]


def test_front_matter_that_is_no_yaml_still_gives_the_title_with_a_warning():
    page = page_of("---\ntitle: Practice: Ways out\nother: x\n---\n\n" + MARKDOWN.format("Why?", "So."), "markdown")
    assert page.title == "Ways out"
    assert "the front matter is not YAML" in messages(page)


@pytest.mark.parametrize("page_format", ["markdown", "mdx"])
def test_code_in_an_answer_may_hold_fences_directives_and_braces(page_format):
    code = "````md\n```js\n:::note\nimport {x} from 'y'\n```\n{not} <run/>\n````"
    page = page_of(MARKDOWN.format("What is written?", code), page_format)
    assert page.items[0].answer.count("\n") == 4
    assert not page.problems


def test_answer_deep_in_lists_is_whole():
    nested = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(30))
    page = page_of(MARKDOWN.format("How deep?", nested), "markdown")
    assert "level 29" in page.items[0].answer


def test_key_that_answers_a_part_twice_keeps_the_first_and_explains_with_the_other():
    page = page_of(
        "For each, say yes or no.\n\n- A. one\n- B. two\n\n<details>\n<summary>Show answer</summary>\n\n"
        "- A: yes\n- B: no\n- A and B: ask again tomorrow\n\n</details>\n",
        "markdown",
    )
    assert [item.answer for item in page.items] == ["yes", "no"]
    assert all(item.explanation == "ask again tomorrow" for item in page.items)


def test_reveal_of_another_kind_before_the_answer_is_left_out_with_a_note():
    page = page_of(
        f"<p>1. What is it?</p><details><summary>Background</summary><p>Long ago.</p></details>{REVEAL.format('It.')}",
        "html",
    )
    assert [item.answer for item in page.items] == ["It."]
    assert "'Background' was left out" in messages(page)


def test_question_above_a_flashcard_without_an_answer_is_told():
    page = page_of("<p>1. Who asks?</p><details><summary>What is up?</summary><p>The sky.</p></details>", "html")
    assert [item.question for item in page.items] == ["What is up?"]
    assert "no answer follows this question: 1. Who asks?" in messages(page)


def test_unclosed_flashcard_does_not_take_the_next_with_it():
    page = page_of(
        '<Flashcard question="One?">\n\nFirst.\n\n</Other>\n\n</Flashcard>\n\n'
        '<Flashcard question="Two?">\n\nSecond.\n\n</Flashcard>\n',
        "mdx",
    )
    assert [(item.question, item.answer) for item in page.items] == [("One?", "First."), ("Two?", "Second.")]


def test_letters_that_a_style_sheet_gives_to_options_stay():
    options = '<div class="upper-alpha"><ol><li>up</li><li>down</li></ol></div>'
    page = page_of(f"<p>1. Where?</p>{options}{REVEAL.format('B.')}", "html")
    assert '<ol type="A">' in page.items[0].question


@pytest.mark.parametrize("summary", ["Output", "Result", "Part Answer"])
def test_lone_word_in_a_dump_opens_no_answer(summary):
    page = page_of(f"T\n\n1. What does it print?\n\n{summary}\n\nShow answer\n\nNothing.\n", "text")
    assert [item.answer for item in page.items] == ["Nothing."]


def test_hindi_summary_in_a_dump_opens_an_answer():
    assert page_of("T\n\n1. क्या?\n\nउत्तर\n\nहाँ।\n", "text").items[0].answer == "हाँ।"


def test_several_articles_are_one_page():
    article = "<article><p>{}. Why?</p>" + REVEAL.format("<p>So {}.</p>") + "</article>"
    assert len(page_of(article.format(1, 1) + article.format(2, 2), "html").items) == 2


# What must not break the reader


@pytest.mark.parametrize(
    ("page_format", "text"),
    [
        ("html", "<main><p {{ attrs }} {...props}>1. Why?</p>" + REVEAL.format("<p>So.</p>")),
        ("html", "<main><p>1. Why?</p>" + REVEAL.format("<pre>&#1;x&#xffff;</pre>")),
        ("html", '<main><p>1. Why? <img alt="&#xffff;x" data-line="abc" src="a.png"></p>' + REVEAL.format("So.")),
        ("html", '<main><p>1. Why?</p><a href="https://x.example/&#xfffe;">l</a>' + REVEAL.format("So.")),
        ("markdown", "---\ndate: 2024-13-45\nx: !!int y\n---\n\n" + MARKDOWN.format("Why?", "So.")),
        ("markdown", "---\ntitle: [a, b]\n---\n\n" + MARKDOWN.format("Why?", "So.")),
    ],
)
def test_odd_bytes_and_names_are_read(page_format, text):
    assert len(page_of(text, page_format).items) == 1


def test_format_without_a_reader_is_a_usage_error():
    with pytest.raises(UsageError, match="'pdf'"):
        ankiexport.read(Source(name="p", text="", format="pdf"))  # type: ignore[arg-type]


def test_line_ends_of_a_source_in_memory_are_tidied():
    text = "---\ntitle: Ways\n---\n\n" + MARKDOWN.format("Why?", "So.")
    assert page_of(text.replace("\n", "\r\n"), "markdown").key == page_of(text, "markdown").key == "ways"


@pytest.mark.parametrize(
    ("data", "expected", "note"),
    [
        ("1. Why – é?\n\nShow answer\n\nSo.\n".encode() + b"\xff", "Why – é?", "bad bytes"),
        ("1. Why – é?\n\nShow answer\n\nSo.\n".encode("cp1252"), "Why – é?", "cp1252"),
        (b'<meta charset="undefined"><p>1. Why \xe9?</p>' + REVEAL.format("So.").encode(), "Why é?", "cp1252"),
        (
            b'<meta charset="gb2312"><p>1. \xc4\xe3\xba\xc3\x81\x40?</p>' + REVEAL.format("So.").encode(),
            "你好丂?",
            "gb",
        ),
    ],
)
def test_page_with_bytes_of_two_minds_is_read_as_a_browser_would(tmp_path, data, expected, note):
    path = tmp_path / ("p.html" if data.startswith(b"<") else "p.txt")
    path.write_bytes(b"T\n\n" + data if path.suffix == ".txt" else data)
    (page,) = ankiexport.read(path)
    assert page.items[0].question == expected
    assert note in messages(page)


# What must not grow without bound: a hundred times the input takes no hour. The bound is the test run's own patience.


@pytest.mark.parametrize(
    ("page_format", "text"),
    [
        ("mdx", "{" + "/**/" * 2000 + "x}"),
        ("mdx", "{\n" * 20_000),
        ("mdx", "<a b " * 50_000),
        ("mdx", "$a {$" * 20_000),
        ("markdown", "<!--\n" * 20_000),
        ("markdown", "<div>" + "<script" * 20_000),
        ("text", "T\n\n" + "A. One. B. Two. " * 5_000 + "\nShow answer\n\nA: x\n"),
        ("text", "T\n\n" + "A.   1.  " * 5_000 + "\nShow answer\n\nA: x\n"),
        ("html", "".join(f"<p>1. Why?</p>{REVEAL.format(i)}" for i in range(3000))),
    ],
    ids=lambda value: value[:14] if len(value) > 10 else None,
)
def test_page_made_to_be_slow_is_read(page_format, text):
    assert page_of(text, page_format).source.format == page_format


# Anki's own markup


def test_page_cannot_make_anki_play_speak_or_typeset(tmp_path, import_into_anki):
    answer = "[sound:x.mp3] [anki:tts lang=en_US]hi[/anki:tts] [latex]x[/latex] [$]a[/$] [$$]b[/$$] list[0]"
    course = ankiexport.build([page_of(f"T\n\n1. Why?\n\nShow answer\n\n{answer}\n", "text")], course="C")
    ankiexport.write(course, tmp_path / "c.apkg")
    collection, _ = import_into_anki(tmp_path / "c.apkg")
    (card_id,) = collection.find_cards("")
    card = collection.get_card(card_id)
    assert not card.answer_av_tags()
    assert "<img" not in card.answer()
    assert "list[0]" in card.answer()


# Files and the command


def test_same_title_and_questions_but_other_answers_are_two_pages(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "So."), "utf-8")
    (tmp_path / "b.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "Otherwise."), "utf-8")
    with pytest.raises(UsageError, match=r"b\.md:1: another page has the key"):
        ankiexport.read(tmp_path)


def test_settings_in_a_folder_below_the_one_given_count(tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "So."), "utf-8")
    (tmp_path / "c" / "ankiexport.toml").write_text('[course]\nname = "Real"\nid = "real"\n', "utf-8")
    assert ankiexport.build(ankiexport.read(tmp_path)).id == "real"


def test_folder_that_cannot_be_listed_is_a_source_error(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(SourceError, match="sub: cannot be read: Permission denied"):
        ankiexport.read(tmp_path)


@pytest.mark.parametrize("name", ["loop.md", "dangling.md"])
def test_link_that_leads_nowhere_is_a_source_error(tmp_path, name):
    (tmp_path / name).symlink_to(tmp_path / ("loop.md" if name == "loop.md" else "gone.md"))
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(SourceError):
            ankiexport.read(path)


def test_empty_path_is_not_the_working_folder():
    with pytest.raises(SourceError, match="empty path"):
        ankiexport.read("")


@pytest.mark.parametrize(
    "toml",
    [
        'deck = "{number:{title}}"',
        'deck = "{number:99999999999}"',
        'deck = "{title!r:>1000000}"',
        f"name = {'[' * 5000}",
        f"name = 1{'0' * 5000}",
        'url = "javascript:alert(1)"',
    ],
)
def test_setting_made_to_break_something_is_a_usage_error(tmp_path, toml):
    (tmp_path / "a.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "So."), "utf-8")
    (tmp_path / "ankiexport.toml").write_text(f"[course]\n{toml}\n", "utf-8")
    with pytest.raises(UsageError, match=r"ankiexport\.toml:\d"):
        ankiexport.read(tmp_path)


@pytest.mark.parametrize(
    "page", [f'file = "{"x" * 300}"', 'file = "a.md"\norder = -1', f'file = "a.md"\norder = 1{"0" * 400}']
)
def test_page_setting_made_to_break_something_is_a_usage_error(tmp_path, page):
    (tmp_path / "a.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "So."), "utf-8")
    (tmp_path / "ankiexport.toml").write_text(f"[[page]]\n{page}\n", "utf-8")
    with pytest.raises(UsageError, match=r"ankiexport\.toml:\d"):
        ankiexport.read(tmp_path)


def test_output_through_a_link_keeps_the_link_and_the_mode(tmp_path):
    course = ankiexport.build([page_of(MARKDOWN.format("Why?", "So."), "markdown")], course="C")
    target, link = tmp_path / "real.apkg", tmp_path / "link.apkg"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    ankiexport.write(course, link)
    assert link.is_symlink() and target.read_bytes()[:2] == b"PK"
    assert target.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"real.apkg", "link.apkg"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux, which has /dev/full")
def test_full_standard_output_is_one_line_and_status_5(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\n" + MARKDOWN.format("Why?", "So."), "utf-8")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "ankiexport", "list", str(tmp_path)]
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 5
    assert run.stderr == "ankiexport: standard output: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a system with signals")
def test_run_that_is_told_to_stop_leaves_the_old_output_and_no_other_file(tmp_path):
    questions = "".join(MARKDOWN.format(f"Why {i}?", "So. " * 50).replace("1.", f"{i}.") for i in range(1, 3000))
    (tmp_path / "a.md").write_text("# T\n\n" + questions, "utf-8")
    output = tmp_path / "out" / "deck.apkg"
    output.parent.mkdir()
    output.write_bytes(b"old")
    run = subprocess.Popen([sys.executable, "-m", "ankiexport", "build", str(tmp_path), "-o", str(output)])
    while run.poll() is None and len(list(output.parent.iterdir())) < 2:
        time.sleep(0.001)
    run.send_signal(signal.SIGTERM)
    status = run.wait()
    assert [path.name for path in output.parent.iterdir()] == ["deck.apkg"]
    assert (status, output.read_bytes()) == (128 + signal.SIGTERM, b"old") or output.read_bytes()[:2] == b"PK"
