"""Cards on paper: what is on which page and where, and that nothing is cut off."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import papers
import pytest
from papers import ARABIC, course_of, folded, measure, open_pdf, words_of, write_nasty, write_numbered
from written import self_checks

from ankiexport import build, read, write
from ankiexport.model import LAYOUTS, PAPERS, Course, Printing
from ankiexport.plain import plain

pytestmark = pytest.mark.usefixtures("printing_browser")
SIZES = {"A4": (595, 842), "Letter": (612, 792)}

# The texts and pictures that stand outside the place that they should be in, and those that nobody can read
OUTSIDE = """() => {
  const found = [];
  const look = (box, room) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const solid = [...box.querySelectorAll("img, table, math, math *")].filter((one) => !one.closest("annotation"));
    const rects = solid.map((one) => [one.localName, one.getBoundingClientRect()]);
    for (const drawn of box.querySelectorAll("math, mfrac")) {
      const edge = drawn.getBoundingClientRect().right + 1;
      const ends = [...drawn.querySelectorAll("mi, mn, mo, mtext")].map((part) => part.getBoundingClientRect().right);
      if (Math.max(...ends) > edge) found.push(`wider than itself: ${drawn.textContent}`);
    }
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent.closest(".lesson, annotation, footer")) continue;
      range.selectNodeContents(walker.currentNode);
      for (const rect of range.getClientRects()) rects.push([walker.currentNode.data, rect]);
      const isRead = range.getClientRects().length && walker.currentNode.data.trim();
      const size = parseFloat(getComputedStyle(parent).fontSize) * 0.75;
      const isTiny = size < 4.5 && !parent.closest("sup, sub, math");
      if (isRead && isTiny) found.push(`${size}pt: ${walker.currentNode.data}`);
    }
    for (const [what, rect] of rects) {
      const isOut = rect.left < room.left - 1 || rect.right > room.right + 1
        || rect.top < room.top - 1 || rect.bottom > room.bottom + 1;
      if (isOut && rect.width) found.push(what);
    }
  };
  for (const side of document.querySelectorAll(".sheet .side")) {
    const { left, right, top, bottom } = side.getBoundingClientRect();
    look(side, { left: left + 15, right: right - 15, top: top + 15, bottom: bottom - 15 });
  }
  for (const note of document.querySelectorAll(".note")) {
    const { left, right, top, bottom } = note.getBoundingClientRect();
    look(note, { left, right, top, bottom });
    if (note.scrollWidth > note.clientWidth || note.scrollHeight > note.clientHeight + 1) found.push("scrolls");
  }
  return found;
}"""


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_of(write_nasty(tmp_path_factory.mktemp("courses") / "nasty"))


def texts_of(item) -> Iterator[str]:
    for html in (item.question, item.answer, item.context, item.explanation):
        if html:
            yield folded(plain(html))


def test_a_card_has_a_page(run, root, tmp_path):
    result = run("build", root / "source", "-o", tmp_path / "cards.pdf", "--no-lock")
    assert result.exit_code == 0, result.output
    pages = [folded(page.extract_text()) for page in open_pdf(tmp_path / "cards.pdf").pages]
    notes = build(read(root / "source")).notes
    assert len(pages) == len(notes) == 50
    for page, note in zip(pages, notes, strict=True):
        assert all(text in page for text in texts_of(note.item)), note.item.question


def test_lessons_are_bookmarks(root, tmp_path):
    course = build(read(root / "source"))
    for layout in LAYOUTS:
        write(course, tmp_path / "cards.pdf", printing=Printing(layout=layout))
        pdf = open_pdf(tmp_path / "cards.pdf")
        assert [mark.title for mark in pdf.outline] == [deck.title for deck in course.decks]
        assert pdf.metadata.title == course.name
    assert pdf.get_destination_page_number(pdf.outline[0]) == 0


@pytest.mark.parametrize("paper", PAPERS)
def test_answers_are_on_the_back_of_their_questions(tmp_path, paper):
    folder = write_numbered(tmp_path / "numbers", 9)
    write(course_of(folder), tmp_path / "cards.pdf", printing=Printing(layout="duplex", paper=paper))
    pages = open_pdf(tmp_path / "cards.pdf").pages
    width, height = SIZES[paper]
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [(width, height)] * 4
    for sheet, numbers in enumerate([range(1, 9), range(9, 10)]):
        fronts, backs = (
            {word.text: word for word in words_of(pages[2 * sheet + side]) if word.text[0] in "QA"} for side in (0, 1)
        )
        assert len(fronts) == len(backs) == len(numbers)
        for place, number in enumerate(numbers):
            question, answer = fronts[f"Question{number}"], backs[f"Answer{number}"]
            assert (question.x > width / 2) == bool(place % 2)
            assert (answer.x > width / 2) == (question.x < width / 2)
            rows = [int((height - word.y) / (height / 4)) for word in (question, answer)]
            assert rows == [place // 2] * 2


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_cut_off(nasty, layout, paper):
    assert measure(nasty, Printing(layout=layout, paper=paper), OUTSIDE) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_is_printed(nasty, tmp_path, layout):
    write(nasty, tmp_path / "cards.pdf", printing=Printing(layout=layout))
    pages = [page.extract_text() for page in open_pdf(tmp_path / "cards.pdf").pages]
    text = folded("".join(pages))
    ends = [end for n in range(24) for end in (f"Part{n}start", f"Part{n}end")]
    assert ends == [found for page in pages for found in re.findall(r"Part\d+(?:start|end)", page)][-len(ends) :]
    assert all(f"line{n}{n}" in text for n in range(130))
    assert all(f"cell{row}x{n}" in text for row in range(4) for n in range(24))
    assert all(f"b{n}" in text for n in range(40))
    assert all(
        word in text
        for word in ("القاهرة", "أولا", folded(ARABIC)[:3], "Thefoot", "called", "deep", "Deeper", "x" * 400)
    )
    assert not re.search(r"\\[(\[]|\\frac|\$", "".join(pages))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_wide_formulas_are_printed_to_their_end(nasty, tmp_path, layout, paper):
    """And where the paper is: in a PDF there is also text beside it."""
    write(nasty, tmp_path / "cards.pdf", printing=Printing(layout=layout, paper=paper))
    pages = open_pdf(tmp_path / "cards.pdf").pages
    text = folded("".join(page.extract_text() for page in pages))
    assert text.count("x19x20") == 2
    assert all(end in text for end in ("y20", "m111", "m211", "othernumbers", "isoddest"))
    width = SIZES[paper][0]
    assert [word for page in pages for word in words_of(page) if not 10 < word.x < width - 10] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_pieces_of_a_formula_have_one_size(nasty, layout):
    script = """() => [...document.querySelectorAll(".formula")].map((whole) =>
      new Set([...whole.children].map((piece) => parseFloat(getComputedStyle(piece).fontSize).toFixed(1))).size)"""
    sizes = measure(nasty, Printing(layout=layout), script)
    assert sizes
    assert set(sizes) == {1}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_of_a_table_are_not_broken(nasty, layout, paper):
    script = """(() => {
      const table = [...document.querySelectorAll("table")].find((one) => one.textContent.includes("Syracuse"));
      const lines = [...table.querySelectorAll("th, td")].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      });
      return [Math.max(...lines), parseFloat(getComputedStyle(table).fontSize) * 0.75];
    })()"""
    lines, points = measure(nasty, Printing(layout=layout, paper=paper), script)
    assert lines == 1
    assert points > 6.3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_formula_that_cannot_be_drawn_wraps(tmp_path, layout):
    folder = write_numbered(tmp_path / "numbers", 1)
    tex = r"$$\nosuchmacro{" + "+".join(f"x_{{{n}}}" for n in range(60)) + "}$$"
    (folder / "page.md").write_text(f"# Page\n\n{self_checks([('Drawn?', tex)])}", "utf-8")
    course = course_of(folder)
    assert measure(course, Printing(layout=layout), OUTSIDE) == []
    write(course, tmp_path / "cards.pdf", printing=Printing(layout=layout))
    text = folded("".join(page.extract_text() for page in open_pdf(tmp_path / "cards.pdf").pages))
    assert "x58x59" in text


def test_what_is_only_too_wide_keeps_its_sides(nasty):
    """Only what is too long has its question and its answer on one page."""
    script = """() => [...document.querySelectorAll(".flows .ax-question")].map((one) => one.textContent.trim())"""
    flowing = measure(nasty, Printing(layout="duplex"), script)
    assert "Four pages?" in flowing
    assert not {"A mean?", "A wide table?", "A wide formula?", "A table of names?"} & set(flowing)


def test_an_answer_to_cut_out_names_its_lesson(tmp_path):
    folder = write_numbered(tmp_path / "numbers", 1)
    (folder / "page.md").write_text(f"# {'Long name ' * 30}\n\n{self_checks([('Q?', 'A.')])}", "utf-8")
    script = """() => [...document.querySelectorAll(".from")].map((one) =>
      [one.textContent.trim().slice(0, 9), one.offsetWidth / one.parentElement.offsetWidth <= 0.5,
       one.offsetHeight < 20])"""
    assert measure(course_of(folder), Printing(layout="duplex"), script) == [["Long name", True, True]]


def test_large_cards_follow_small_ones(nasty):
    script = "() => [...document.querySelectorAll('body > *')].map((page) => page.className)"
    kinds = [
        next(name for name in ("small", "half", "whole", "flows") if name in kind.split())
        for kind in measure(nasty, Printing(layout="duplex"), script)
    ]
    assert kinds == sorted(kinds, key=["small", "half", "whole", "flows"].index)
    assert set(kinds) == {"small", "half", "whole", "flows"}
    assert all(kinds.count(name) % 2 == 0 for name in ("small", "half", "whole"))


def test_formulas_are_drawn(nasty):
    script = """() => [...document.querySelectorAll("mfrac")].map((fraction) =>
      [...fraction.children].map((part) => part.getBoundingClientRect())).every(([over, under]) =>
      over.height > 3 && over.bottom <= under.top + 1)"""
    assert measure(nasty, Printing(), script) is True


def test_arabic_runs_from_right_to_left(nasty):
    script = f"""() => {{
      const side = [...document.querySelectorAll(".ax-question")].find((one) => one.textContent.includes("{ARABIC}"));
      const range = document.createRange();
      range.selectNodeContents(side);
      return side.getBoundingClientRect().right - range.getBoundingClientRect().right;
    }}"""
    assert abs(measure(nasty, Printing(), script)) < 2


def test_chinese_is_printed(tmp_path):
    if shutil.which("fc-list") and not subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout:
        pytest.skip("no font with Chinese letters here: apt-get install fonts-droid-fallback")
    folder = tmp_path / "chinese"
    folder.mkdir()
    (folder / "page.md").write_text(f"# 课\n\n{self_checks([('中国的首都是哪里？', '北京。' * 60)])}", "utf-8")
    for layout in LAYOUTS:
        write(course_of(folder), tmp_path / "cards.pdf", printing=Printing(layout=layout))
        text = folded("".join(page.extract_text() for page in open_pdf(tmp_path / "cards.pdf").pages))
        assert "中国的首都是哪里" in text
        assert "北京" * 60 in text


def test_a_recording_is_a_mark(nasty):
    script = """() => {
      const marks = [...document.querySelectorAll(".ax-recording")];
      const isSeen = (it) => it.getBoundingClientRect().width > 5;
      return [[...document.querySelectorAll("audio, video")].filter(isSeen).length, marks.filter(isSeen).length];
    }"""
    assert measure(nasty, Printing(), script) == [0, 1]


def test_paper_has_the_colours_of_the_day(root):
    templates = root / "ankiexport" / "templates"
    by_day, on_paper = (
        dict(
            re.findall(
                r"(--ax-[\w-]+): (.*);", re.split(r"nightMode|padding", (templates / name).read_text("utf-8"))[0]
            )
        )
        for name in ("card.css", "paper.css")
    )
    assert on_paper
    assert on_paper.items() <= by_day.items()


def test_the_address_of_the_page_is_a_link(tmp_path):
    folder = write_numbered(tmp_path / "numbers", 1)
    (folder / "ankiexport.toml").write_text(
        '[[page]]\nfile = "page.md"\nurl = "https://school.example/numbers"\n', "utf-8"
    )
    pdfs = {}
    for layout in LAYOUTS:
        write(course_of(folder), tmp_path / "cards.pdf", printing=Printing(layout=layout))
        pdfs[layout] = open_pdf(tmp_path / "cards.pdf").pages
    (page,) = pdfs["single"]
    assert "https://school.example/numbers" in page.extract_text()
    assert "Open the page" not in page.extract_text()
    assert page["/Annots"][0].get_object()["/A"]["/URI"] == "https://school.example/numbers"
    assert not any("school.example" in page.extract_text() for page in pdfs["duplex"])


def test_only_the_first_card_of_a_note_is_printed(tmp_path):
    folder = write_numbered(tmp_path / "numbers", 2)
    (folder / "ankiexport.toml").write_text('[course]\nreverse = ["self-check"]\ntyped = ["self-check"]\n', "utf-8")
    write(course_of(folder), tmp_path / "cards.pdf")
    pages = [page.extract_text() for page in open_pdf(tmp_path / "cards.pdf").pages]
    assert [text.count("Answer") for text in pages] == [1, 1]
    assert "type:" not in "".join(pages)


def test_a_long_course_is_printed_in_parts(tmp_path):
    """The parts are joined in their order, with the bookmarks of all."""
    folder = write_numbered(tmp_path / "numbers", 520)
    (folder / "then.md").write_text(f"# More\n\n{self_checks([('Last?', 'Least.')])}", "utf-8")
    write(course_of(folder), tmp_path / "cards.pdf")
    pdf = open_pdf(tmp_path / "cards.pdf")
    assert len(pdf.pages) == 521
    assert [f"Question{number}" in pdf.pages[number - 1].extract_text() for number in (1, 500, 501, 520)] == [True] * 4
    marks = {mark.title: pdf.get_destination_page_number(mark) for mark in pdf.outline}
    assert sorted(marks) == ["More", "Numbers"]
    assert "Last?" in pdf.pages[marks["More"]].extract_text()
    assert pdf.metadata.title == "numbers"


def test_a_layout_is_for_paper(run, root, tmp_path):
    result = run("build", root / "source", "-o", tmp_path / "cards.apkg", "--layout", "duplex", "--no-lock")
    assert result.exit_code == 2
    assert not list(tmp_path.glob("*.apkg"))


def test_a_picture_says_what_it_likes(tmp_path):
    """What looks like a tag in an attribute is none."""
    folder = write_numbered(tmp_path / "numbers", 1)
    (folder / "big.png").write_bytes(papers._png(40, 30))
    page = folder / "page.html"
    page.write_text(
        "<h1>Lesson</h1><details><summary>What is it?</summary><p>It is "
        "<img src='big.png' alt='<h1>loud</h1> <audio></audio>'> that.</p></details>",
        "utf-8",
    )
    (folder / "page.md").unlink()
    script = "() => document.querySelector('.ax-answer img').alt"
    assert measure(course_of(folder), Printing(), script) == "<h1>loud</h1> <audio></audio>"
