"""What a page says of its questions in JSON-LD, unseen by its readers → `<details>` that say what they answer."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import lxml.html

from ankiexport.markup import KIND, LINE, ROLE, SHAPE
from ankiexport.model import TOLD, Location, Problem
from ankiexport.readers.tree import line_of

# What JSON forbids and people write: comments, a comma before a closing bracket. Strings are passed over.
_LENIENCE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])", re.S)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|h[1-6]|i|img|li|ol|p|pre|span|strong|sub|sup|table|tbody|td|th|tr|u|ul)\b[^<>]*>", re.I
)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:b|br|code|div|em|li|ol|p|pre|span|strong|table|ul)\b", re.I)
_DEEPEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the data: its texts and its answers' texts may be HTML."""

    question: tuple[str, ...]
    answer: tuple[str, ...]
    options: tuple[str, ...]
    line: int


def structured_questions(
    root: lxml.html.HtmlElement, name: str, numbered: bool
) -> tuple[list[lxml.html.HtmlElement], list[Problem]]:
    """The questions that a page's data answers, as `<details>`, and what of the data cannot be read."""
    found: list[lxml.html.HtmlElement] = []
    problems = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        line, text = line_of(script, numbered), script.text or ""
        try:
            data = _parse(text)
        except (ValueError, RecursionError) as error:
            at = line + (error.lineno - 1 if isinstance(error, json.JSONDecodeError) else 0)
            message = f"the data in this script is not JSON: {getattr(error, 'msg', error)}"
            problems.append(Problem(location=Location(source=name, line=at), severity="warning", message=message))
            continue
        found.extend(_details(asked) for asked in _questions(data, text, line))
    return found, problems


def _parse(text: str) -> object:
    text = _WRAPPING.sub("", text)
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        return json.loads(_LENIENCE.sub(_only_strings, text), strict=False)


def _only_strings(match: re.Match[str]) -> str:
    """A string stays; of what is forbidden only its line breaks do, so that lines stay right."""
    return match[0] if match[0].startswith('"') else "\n" * match[0].count("\n")


def _questions(data: object, text: str, first_line: int) -> Iterator[Asked]:
    nodes = list(_nodes(data))
    by_id = {str(node["@id"]): node for node, _ in nodes if "@id" in node and len(node) > 1}
    at = 0
    for node, in_quiz in nodes:
        question = _texts(node, ("name", "text"))
        if not _is(node, "Question") or not question:
            continue
        right = [text for answer in _answers(node, "acceptedAnswer", by_id) for text in answer]
        if not right:
            continue
        at = _place(text, question[0], at)
        options = _options(node, by_id) if in_quiz or "choice" in _type(node) or "checkbox" in _type(node) else ()
        yield Asked(question=question, answer=tuple(right), options=options, line=first_line + text.count("\n", 0, at))


def _nodes(data: object) -> Iterator[tuple[Mapping[str, object], bool]]:
    """All objects of the data in their order, and whether they stand in a quiz."""
    waiting: list[tuple[object, bool, int]] = [(data, False, 0)]
    while waiting:
        node, in_quiz, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        inner: Sequence[object] = ()
        if isinstance(node, dict):
            yield node, in_quiz
            in_quiz = in_quiz or _is(node, "Quiz")
            inner = list(node.values())
        elif isinstance(node, list):
            inner = node
        waiting.extend((part, in_quiz, depth + 1) for part in reversed(inner) if isinstance(part, dict | list))


def _is(node: Mapping[str, object], name: str) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(one, str) and re.split(r"[/:#]", one)[-1] == name for one in names)


def _type(node: Mapping[str, object]) -> str:
    return str(node.get("eduQuestionType") or "").lower()


def _texts(node: Mapping[str, object], names: Sequence[str]) -> tuple[str, ...]:
    """What an object says under these names, each thing once."""
    said = [value.strip() for name in names if isinstance(value := node.get(name), str) and value.strip()]
    return tuple(
        one for i, one in enumerate(said) if not any(one in other for other in [*said[:i], *said[i + 1 :][:0]])
    )


def _answers(node: Mapping[str, object], name: str, by_id: Mapping[str, Mapping[str, object]]) -> list[tuple[str, ...]]:
    """Each answer under a name, with what explains it."""
    given = node.get(name)
    found = []
    for answer in given if isinstance(given, list) else [given]:
        if isinstance(answer, str):
            answer = {"text": answer}
        if not isinstance(answer, dict):
            continue
        answer = by_id.get(str(answer.get("@id")), answer)
        texts = _texts(answer, ("text",)) or _texts(answer, ("name", "description"))
        reason = answer.get("answerExplanation") or answer.get("comment")
        if isinstance(reason, dict):
            texts += _texts(reason, ("text",))
        elif isinstance(reason, str) and reason.strip():
            texts += (reason.strip(),)
        found.append(texts)
    return [texts for texts in found if texts]


def _options(node: Mapping[str, object], by_id: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """What there is to choose from, in the order that the data gives; where it gives none, by the alphabet."""
    wrong, right = _answers(node, "suggestedAnswer", by_id), _answers(node, "acceptedAnswer", by_id)
    options = list(dict.fromkeys(texts[0] for texts in (*wrong, *right)))
    if len(options) < 2 or not wrong:
        return ()
    places = _places(node)
    if all(option in places for option in options) and len(set(places.values())) == len(options):
        return tuple(sorted(options, key=places.__getitem__))
    has_all = all(texts[0] in [other[0] for other in wrong] for texts in right)
    return tuple(options if has_all else sorted(options))


def _places(node: Mapping[str, object]) -> dict[str, int]:
    places = {}
    for name in ("suggestedAnswer", "acceptedAnswer"):
        given = node.get(name)
        for answer in given if isinstance(given, list) else [given]:
            if isinstance(answer, dict) and isinstance(position := answer.get("position"), int):
                places.update(dict.fromkeys(_texts(answer, ("text",)), position))
    return places


def _place(text: str, question: str, start: int) -> int:
    """Where a question stands in the script's text, after the one before."""
    for escaped in (json.dumps(question), json.dumps(question, ensure_ascii=False), question):
        beginning = escaped.strip('"')[:40].split("\n")[0]
        for written in (beginning, beginning.replace("/", "\\/")):
            if (at := text.find(written, start)) >= 0:
                return at
    return start


def _details(asked: Asked) -> lxml.html.HtmlElement:
    kind = "self-check" if asked.options else "flashcard"
    options = "".join(f"<li>{_html(option)}</li>" for option in asked.options)
    question = "".join(map(_html, asked.question)) + (f'<ol type="A">{options}</ol>' if options else "")
    answer = "".join(map(_html, asked.answer))
    details = lxml.html.Element("details")
    for part in (question, answer):  # one by one, for either may close more than it opens
        details.append(lxml.html.fragment_fromstring(part or " ", create_parent="div"))
    for name, value in ((ROLE, "question"), (SHAPE, TOLD), (KIND, kind)):
        details.set(name, value)
    details[0].set(ROLE, "asked")
    for element in details.iter():
        if isinstance(element.tag, str):
            element.sourceline = asked.line
            element.set(LINE, str(asked.line))
    return details


def _html(text: str) -> str:
    """A text of the data as HTML, which it may be already, plain or escaped."""
    if not _TAG.search(text) and _ESCAPED_TAG.search(text):
        text = html.unescape(text)
    if _TAG.search(text):
        return f"<div>{text}</div>"
    paragraphs = re.split(r"\n\s*\n", html.unescape(text).strip())
    return "".join(f"<p>{'<br>'.join(html.escape(part, quote=False).split(chr(10)))}</p>" for part in paragraphs)
