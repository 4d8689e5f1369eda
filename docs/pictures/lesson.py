"""The course that is pictured: a lesson on pitch, and one that has everything a field may hold.

The HTML of longer fields is in the folder `lesson`, as a page's code, tables and call-outs come out of the readers.
"""

from dataclasses import replace
from pathlib import Path

from ankiexport import Course, Html, Item, Location, Page, Source, build
from ankiexport.model import Kind

COURSE = "Music"
LESSON = "Pitch in numbers"
SIGNS = "Signs and scripts"

_FOLDER = Path(__file__).parent / "lesson"
_WAVES = "ankiexport-waves.svg"


def pictured_course() -> Course:
    """The course with its media, which no page has to be read for."""
    return replace(build([_lesson(), _signs()], course=COURSE), media={_WAVES: (_FOLDER / "waves.svg").read_bytes()})


def _lesson() -> Page:
    return _page(
        LESSON,
        _item(
            "self-check",
            "How does a program find the pitch of a piano key that is <code>n</code> semitones above A<sub>4</sub>?",
            "<p>Each semitone multiplies the frequency by the same number, and twelve of them double it.</p>"
            + _fragments("code", "tip"),
            section="Self-check",
        ),
        _item(
            "exercise",
            "Two strings sound at 330 Hz and at 220 Hz.",
            "A <strong>fifth</strong>: 330 : 220 = 3 : 2.",
            section="Name the interval",
            label="B",
            context="<p>Which interval do the two strings make? The ratio of their frequencies tells it.</p>"
            + _fragments("intervals"),
            explanation="Only the ratio counts: 660 Hz over 440 Hz is the same interval, an octave higher up.",
        ),
        _item(
            "exercise",
            "<p>Put these in order, the lowest first.</p>"
            "<ol type='A'><li>A<sub>5</sub></li><li>the mains hum of 50 Hz</li><li>A<sub>4</sub></li></ol>",
            "<ol><li>the hum, 50 Hz</li><li>A<sub>4</sub>, 440 Hz</li><li>A<sub>5</sub>, 880 Hz</li></ol>",
            section="Low to high",
        ),
        _item(
            "flashcard",
            "How do the frequencies of two neighbouring keys of a piano relate?",
            r"<p>Each is \(\sqrt[12]{2} \approx 1.0595\) times the one below, so that twelve steps make an octave:</p>"
            r"\[f_n = 440\,\mathrm{Hz} \cdot 2^{n/12}, \qquad \frac{f_{n+12}}{f_n} = 2\]" + _fragments("waves"),
        ),
        _item("flashcard", "octave", "The interval between a tone and one of twice its frequency."),
        _item("flashcard", "Which interval has the ratio 3 : 2?", "The <strong>fifth</strong>."),
    )


def _signs() -> Page:
    return _page(
        SIGNS,
        _item(
            "self-check",
            "<p>What may stand in a question?</p>" + _fragments("signs", "diff"),
            _fragments("signs", "blocks", "table", "tip", "footnotes"),
            section="Everything at once",
            explanation="<p>A wide formula scrolls:</p>" + _fragments("formula", "intervals"),
        ),
        _item(
            "flashcard",
            "<p>ما الفرق بين النغمة و<code>f(x)</code> والتردد؟</p><p>And in English: what is it?</p>",
            _fragments("scripts", "code"),
            context="<p>השאלה בעברית, עם <b>English</b> בתוכה.</p>",
        ),
    )


def _fragments(*names: str) -> str:
    return "\n".join((_FOLDER / f"{name}.html").read_text("utf-8").rstrip() for name in names)


def _page(title: str, *items: Item) -> Page:
    key = title.lower().replace(" ", "-")
    source = Source(name=f"{key}.md", text="", format="markdown")
    return Page(key=key, title=title, source=source, items=items, url=f"https://music.example/{key}")


def _item(
    kind: Kind,
    question: str,
    answer: str,
    *,
    section: str | None = None,
    label: str | None = None,
    context: str | None = None,
    explanation: str | None = None,
) -> Item:
    return Item(
        kind=kind,
        shape="any",
        question=Html(question),
        answer=Html(answer),
        fingerprint_text=question,
        location=Location(source="lesson", line=1),
        section=section,
        label=label,
        context=Html(context) if context else None,
        explanation=Html(explanation) if explanation else None,
    )
