"""A GIFT file, in which Moodle keeps questions → blocks, with a reveal for each question that has an answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ankiexport import words
from ankiexport.markup import fold
from ankiexport.model import Block, Document, Location, Problem, Source
from ankiexport.readers import gift_answers, html, markdown, quiz_blocks
from ankiexport.readers.gift_answers import Answers

# Signs that a backslash makes text of. Inside, each is a character that no text holds.
_ESCAPED = {sign: chr(code) for code, sign in enumerate("~=#{}:n\\", 1)}
_ESCAPE = re.compile(r"\\([~=#{}:n\\])")
_HIDDEN = {chr(code): "\n" if sign == "n" else sign for code, sign in enumerate("~=#{}:n\\", 1)}
_UNESCAPE = str.maketrans(_HIDDEN)
_CATEGORY = re.compile(r"\$CATEGORY:(.*)", re.I)
_TITLE = re.compile(r"::((?:(?!::).)*)::", re.S)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.I)
# Braces that hold answers, after a text: "… called {=a buffer ~an acid}", "… true. {T}"
_ANSWERED = re.compile(r"(?:^|[\s.?!:;,>)\]\"'])\{\s*(?:[=~]|(?:T|F|TRUE|FALSE)\s*[}#])|\?\s*\{\s*#\s*[-=\d]")
_HTML_TAG = re.compile(
    r"</?(?:p|br|b|i|em|strong|u|s|span|div|img|code|pre|sub|sup|[uo]l|li|table|a|h\d)(?:\s[^<>]*)?/?>", re.I
)
_GAP = "_____"


@dataclass(slots=True)
class _Chunk:
    """The lines of a question, without comments."""

    line: int
    lines: list[str] = field(default_factory=list)
    depth: int = 0  # of open braces
    gap: bool = False  # a blank line in open braces

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read(source: Source) -> Document | None:
    """Reads a GIFT file; None if the text is none."""
    hidden = _ESCAPE.sub(lambda match: _ESCAPED[match[1]], source.text)
    chunks = list(_chunks(hidden))
    if not source.name.lower().endswith(".gift") and not _is_gift(chunks):
        return None
    blocks: list[Block] = []
    problems: list[Problem] = []
    for chunk in chunks:
        found = _read_chunk(chunk, source.name)
        if isinstance(found, Problem):
            problems.append(found)
        elif found:
            blocks.append(found)
    return Document(title=None, blocks=tuple(blocks), problems=tuple(problems))


def _is_gift(chunks: Sequence[_Chunk]) -> bool:
    """Does GIFT's own writing leave no other reading: titles or categories, or answers in most of the paragraphs?"""
    answered = sum(bool(_ANSWERED.search(chunk.text)) for chunk in chunks)
    marked = any(_CATEGORY.match(chunk.text) or _TITLE.match(chunk.text) for chunk in chunks)
    return answered > 0 and (marked or answered * 5 >= len(chunks) * 3)


def _chunks(text: str) -> Iterator[_Chunk]:
    """The questions of a file, which blank lines part; inside braces only where another question begins after one."""
    chunk: _Chunk | None = None
    for at, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            continue
        category = _CATEGORY.match(stripped)
        if chunk and not stripped:
            chunk.gap = True
        ends = chunk and chunk.gap and (chunk.depth <= 0 or _begins_question(stripped))
        if chunk and (ends or category):
            yield chunk
            chunk = None
        if stripped and not category:
            chunk = chunk or _Chunk(line=at)
            chunk.lines.append(stripped)
            chunk.depth += stripped.count("{") - stripped.count("}")
            chunk.gap = False
        elif category:
            yield _Chunk(line=at, lines=[stripped])
    if chunk:
        yield chunk


def _begins_question(line: str) -> bool:
    return line.startswith("::") or "{" in line


def _read_chunk(chunk: _Chunk, name: str) -> Block | Problem | None:
    location = Location(source=name, line=chunk.line)
    if category := _CATEGORY.match(chunk.text):
        path = _category(category[1])
        return quiz_blocks.heading(path, location) if path else None
    text = _TITLE.sub("", chunk.text, count=1) if chunk.text.startswith("::") else chunk.text
    before, brace, rest = text.partition("{")
    body, closing, after = rest.partition("}")
    if not brace:
        asks = words.asks(text.translate(_UNESCAPE))
        return quiz_blocks.unread(name, chunk.line, "a question without braces for its answer") if asks else None
    if not closing or "{" in body or "{" in after or "}" in after:
        return quiz_blocks.unread(name, chunk.line, "the braces of this question do not match")
    answers = gift_answers.parse(body)
    if isinstance(answers, str):
        return quiz_blocks.unread(name, chunk.line, answers)
    mark = _FORMAT.match(before)
    writing = mark[1].lower() if mark else ""
    before = before[mark.end() :] if mark else before
    gap = f"{before.rstrip()} {_GAP}{'' if after[0] in '.,;:!?' else ' '}{after.strip()}" if after.strip() else before
    return _question(_Text(location=location, writing=writing), gap, answers, chunk)


def _category(path: str) -> str:
    """The name of a category: "$course$/top/Chemistry" is "Chemistry"."""
    parts = [fold(part.translate(_UNESCAPE)) for part in path.replace("//", "\x0f").split("/")]
    shown = [part.replace("\x0f", "/") for part in parts if part and part != "top" and not part.startswith("$")]
    return " / ".join(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """How the texts of a question are written, and where they stand."""

    location: Location
    writing: str

    def blocks(self, text: str) -> list[Block]:
        """A text as blocks. One that does not say how it is written may hold HTML."""
        mark = _FORMAT.match(text)
        writing = mark[1].lower() if mark else self.writing
        shown = (text[mark.end() :] if mark else text).translate(_UNESCAPE).strip()
        source = Source(name=self.location.source, text=shown, format="html")
        if writing == "markdown":
            found = markdown.read_markdown(source).blocks
        elif writing == "html" or (writing != "plain" and _HTML_TAG.search(shown)):
            found = html.read(replace(source, text=f"<main>{shown}</main>")).blocks
        else:
            pieces = [piece for piece in shown.split("\n\n") if piece.strip()]
            found = tuple(quiz_blocks.paragraph(piece, self.location) for piece in pieces)
        return [_located(block, self.location) for block in found]


def _located(block: Block, location: Location) -> Block:
    children = tuple(_located(child, location) for child in block.children)
    return replace(block, location=location, children=children)


def _question(text: _Text, asked: str, answers: Answers, chunk: _Chunk) -> Block | Problem:
    question = text.blocks(asked)
    right = [block for one in answers.right for block in text.blocks(one)]
    remarks = [block for one in answers.remarks for block in text.blocks(one)]
    choices = [found for one in answers.options if (found := text.blocks(one))]
    pairs = [quiz_blocks.paragraph(_plain(f"{a} → {b}"), text.location) for a, b in answers.pairs]
    if not question or not (right or pairs) or len(choices) < len(answers.options):
        return quiz_blocks.unread(text.location.source, chunk.line, "a question with an empty side")
    if choices:
        question.append(quiz_blocks.options(choices))
    if pairs:
        lefts = [left for left, _ in answers.pairs]
        rights = sorted(dict.fromkeys(right for _, right in answers.pairs))  # their order would tell the answer
        question.extend(_bullets([_plain(one) for one in column], text.location) for column in (lefts, rights))
        right = [quiz_blocks.listed([quiz_blocks.item([pair], None) for pair in pairs])]
    return quiz_blocks.answered(question, (*right, *remarks), answers.shape)


def _plain(text: str) -> str:
    return _HTML_TAG.sub(" ", text.translate(_UNESCAPE))


def _bullets(texts: Sequence[str], location: Location) -> Block:
    return quiz_blocks.listed([quiz_blocks.item([quiz_blocks.paragraph(text, location)], None) for text in texts])
