"""Pages that hold a payload in one place each, in every format; what real Anki makes of all of them."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import Template
from typing import Any, NamedTuple

import ankiexport
from ankiexport import Page, Source

# In a place, $raw is the payload as it is, $line the same on one line, $text so that a reader sees its characters,
# $attr the same in an attribute. Places whose name begins with "title" make a page, and so a deck, of their own.
_HTML = "<h1>Lesson</h1><p>1. What is it? {}</p><details><summary>Show answer</summary><p>So it is.</p>{}</details>"
_CARD = "<details class=flashcard><summary>What? {}</summary><p>So it is.</p>{}</details>"
_KEY = "<p>Say how.</p><ul><li>A. {}</li><li>B. two</li></ul>{}<details><summary>Show answer</summary>{}</details>"
_PARTS = "<ul><li>A: yes {0}</li><li>B: no</li></ul>"
HTML = {
    "question": _HTML.format("$raw", ""),
    "question as text": _HTML.format("$text", ""),
    "answer": _HTML.format("", "<p>$raw</p><p>Yes.</p>"),
    "answer as text": _HTML.format("", "<p>$text</p>"),
    "option": _HTML.format("</p><ul><li>(a) $raw</li><li>(b) other</li></ul><p>", ""),
    "number of the question": f"<p>$raw 1. <b>$raw</b> What?</p>{_HTML[_HTML.index('<details') :].format('', '')}",
    "title": f"<h1>$raw</h1>{_HTML[16:].format('', '')}",
    "title of the window": f"<title>$raw</title>{_HTML[16:].format('', '')}",
    "title as text": f"<h1>$text</h1>{_HTML[16:].format('', '')}",
    "link": _HTML.format('<a href="$attr">a</a>', "<a href='$attr'>b</a> <a href=https://a.example/$attr>c</a>"),
    "source of a picture": _HTML.format('<img src="$attr">', '<img src="$attr" srcset="$attr" alt="a">'),
    "picture in words": _HTML.format(
        '<img src=a.png alt="$attr" title="$attr">', "<img src=https://a.example/p alt='$attr'>"
    ),
    "code": _HTML.format("", "<pre><code>$raw</code></pre>"),
    "code as text": _HTML.format("", '<pre class="language-$attr"><code class="language-$attr">$text</code></pre>'),
    "code of a language": _HTML.format("", '<pre><code class="language-html">$text\nx = 1</code></pre>'),
    "code in a line": _HTML.format("<code>$raw</code>", "<code>$text</code>"),
    "heading": f"<h2>$raw</h2>{_HTML.format('', '<h3>$raw</h3>')}",
    "summary": _CARD.format("$raw", ""),
    "summary as text": _CARD.format("$text", ""),
    "table": _HTML.format("", "<table><tr><th>$raw</th></tr><tr><td>$raw</td><td>$text</td></tr></table>"),
    "footnote": _HTML.format(
        "<sup><a href='#fn1'>1</a></sup>", "<section class=footnotes><ol><li id=fn1>$raw</li></ol></section>"
    ),
    "parts": _KEY.format("$raw", "", _PARTS.format("$raw") + "<p>$raw</p>"),
    "parts as text": _KEY.format("$text", "", _PARTS.format("$text") + "<p>$text</p>"),
    "attributes": _HTML.format(
        '<b title="$attr" lang="$attr" dir="$attr">b</b>', '<ol start="$attr" type="$attr"><li value="$attr">i</ol>'
    ),
    "class": _HTML.format(
        '<span class="$attr">s</span>', '<div class="$attr" id="$attr">d</div><mark class="$attr">m</mark>'
    ),
    "formula": _HTML.format(
        r"\($text\)",
        r'<math display="block"><annotation encoding="application/x-tex">$text</annotation></math>',
    ),
    "definition and quote": _HTML.format(
        "", "<dl><dt>$raw</dt><dd>$raw</dd></dl><blockquote cite='$attr'>$raw</blockquote>"
    ),
    "address of the page": f'<link rel=canonical href="$attr">{_HTML.format("", "")}',
}
_SHOW = "\n\n<details>\n<summary>Show answer</summary>\n\n{}\n\n</details>\n"
_SELF_CHECK = "# Lesson\n\n**1.** What is it? {}" + _SHOW.format("So it is.\n\n{}")
MARKDOWN = {
    "question": _SELF_CHECK.format("$raw", ""),
    "question as text": _SELF_CHECK.format("$text", ""),
    "answer": _SELF_CHECK.format("", "$raw\n\nYes."),
    "answer as text": _SELF_CHECK.format("", "$text"),
    "option": _SELF_CHECK.format("\n\n- (a) $line\n- (b) other", ""),
    "title": "# $line\n\n" + _SELF_CHECK[10:].format("", ""),
    "title of the file": "---\ntitle: |\n  $line\n---\n\n" + _SELF_CHECK[10:].format("", ""),
    "link": _SELF_CHECK.format("[a](<$line>) [b]($line)", '[c][r]\n\n[r]: <$line> "$line"'),
    "source of a picture": _SELF_CHECK.format("![a](<$line>)", "![a]($line)"),
    "picture in words": _SELF_CHECK.format("![$line](a.png '$line')", '<img src="a.png" alt="$attr">'),
    "code": _SELF_CHECK.format("", "```\n$raw\n```"),
    "code of a language": _SELF_CHECK.format("", "```html title='$line'\n$raw\n```"),
    "name of a language": _SELF_CHECK.format("", "```$line\nx = 1\n```\n\n~~~$line\nx = 1\n~~~"),
    "code in a line": _SELF_CHECK.format("``$line``", "`$line`"),
    "heading": "## $line\n\n" + _SELF_CHECK.format("", "### $line"),
    "summary": "<details class='flashcard'><summary>What? $line</summary>\n\nSo it is.\n\n</details>\n",
    "table": _SELF_CHECK.format("", "| $line | b |\n|---|---|\n| $line | c |\n"),
    "footnote": _SELF_CHECK.format("A note[^1].", "Here[^1].") + "\n[^1]: $line\n",
    "parts": "For each, say how.\n\n- A. $line\n- B. two" + _SHOW.format("- A: yes $line\n- B: no\n\n$raw"),
    "formula": _SELF_CHECK.format("$$$line$$", "$$$$\n$line\n$$$$"),
    "definition and quote": _SELF_CHECK.format("", "Term\n: $line\n\n> $line\n"),
    "directive": _SELF_CHECK.format("", ":::note[$line]{title='$line'}\n$raw\n:::\n"),
}
MDX = MARKDOWN | {
    "question of a component": '# Lesson\n\n<Flashcard question="$attr" id="$attr">\n\nSo it is.\n\n</Flashcard>\n',
    "question in braces": "# Lesson\n\n<Flashcard question={`$line`} answer={'$attr `$attr`'} />\n",
    "expression": _SELF_CHECK.format("{'$line'}", "{`$line`}"),
    "component": _SELF_CHECK.format("<Note title='$attr'>$line</Note>", "<Note title={`$line`}>\n\n$raw\n\n</Note>"),
}
_DUMP = "Lesson\n\n1. What is it? {}\n\nShow answer\n\nSo it is.\n\n{}\n"
TEXT = {
    "question": _DUMP.format("$raw", ""),
    "question as text": _DUMP.format("$text", ""),
    "answer": _DUMP.format("", "$raw"),
    "option": _DUMP.format("\n\n  • $line\n  • (b) other", "  1. $line\n  2. b"),
    "title": "Practice: $line\n\n" + _DUMP[8:].format("", ""),
    "code": _DUMP.format("", "x = {'$line';\ny = 2;\n"),
    "heading": "$line\nSection titled “$line”\n\n" + _DUMP.format("", ""),
    "flashcard": "Lesson\n\nQ. What? $line\n\nA. $line\n",
    "parts": "Lesson\n\nFor each, say how.\n\nA. $line\n\nB. two\n\nShow answer\n\nA. yes $line\n\nB. no\n",
}
FORMATS: dict[str, dict[str, str]] = {"html": HTML, "markdown": MARKDOWN, "mdx": MDX, "text": TEXT}


def write(template: str, payload: str) -> str:
    """The page of a place with a payload in it."""
    attribute = html.escape(payload)
    line = " ".join(payload.split())
    return Template(template).substitute(raw=payload, line=line, text=html.escape(payload, quote=False), attr=attribute)


class Hostile(NamedTuple):
    """Pages with payloads as the pipeline reads them, and how many were written."""

    pages: list[Page]
    written: int

    @property
    def items(self) -> int:
        return sum(len(page.items) for page in self.pages)


def read_hostile(payloads: Sequence[str]) -> Hostile:
    """Reads each payload in each place of each format; pages that differ in the payload alone become one lesson."""
    pages: list[Page] = []
    for page_format, places in FORMATS.items():
        for place, template in places.items():
            found = list(_read(page_format, place, template, payloads))
            pages.extend(found if place.startswith("title") else [_together(found)])
    written = len(payloads) * sum(map(len, FORMATS.values()))
    return Hostile([page for page in pages if page.items], written)


def _read(page_format: Any, place: str, template: str, payloads: Sequence[str]) -> Iterator[Page]:
    title = None if place.startswith("title") else "Lesson"  # one for all: what reads the same is shown once
    for number, payload in enumerate(payloads):
        source = Source(name=f"{number}.{page_format}", text=write(template, payload), format=page_format, title=title)
        (page,) = ankiexport.read(source)
        yield replace(page, key=f"{page_format}-{place}-{number}".replace(" ", "-"), problems=())


def _together(pages: Sequence[Page]) -> Page:
    """All items as of one page. They may read the same and differ in markup, so each is told apart by a number."""
    items = [item for page in pages for item in page.items]
    numbered = (replace(item, fingerprint_text=f"{n} {item.fingerprint_text}") for n, item in enumerate(items))
    media = {name: content for page in pages for name, content in page.media.items()}
    return replace(pages[0], items=tuple(numbered), media=media)


@dataclass(frozen=True)
class Imported:
    """What real Anki holds after the import: each note's fields, each lesson's description."""

    fields: list[dict[str, str]]
    descriptions: list[str]


def contents_of(collection: Any) -> Imported:
    notes = [collection.get_note(found) for found in collection.find_notes("")]
    decks = [collection.decks.get(deck.id) for deck in collection.decks.all_names_and_ids()]
    return Imported([dict(note.items()) for note in notes], [deck["desc"] for deck in decks if deck["desc"]])
