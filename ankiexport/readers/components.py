"""What stands before and after the children of an MDX component, as its name and attributes say."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.readers.containers import inline
from ankiexport.readers.jsx import Element
from ankiexport.readers.literals import NoLiteralError, Value, read_literal

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[._-]")
# Components that set a note, a tip or a warning apart, and what each shows as a title where it is given none.
_CALLOUTS = frozenset("Admonition Alert Aside Callout Caution Danger Important Info Note Tip Warning".split())
_TITLED_BY_TYPE = frozenset(["Admonition", "Aside"])
_UNTITLED = frozenset(["Alert", "Callout"])
_TABS = frozenset(["Tab", "TabItem"])
_ROLES = frozenset("activity answer challenge checkpoint exercise hint problem question quiz solution task".split())
_FOLDING = frozenset(
    "accordion collapse collapsible details disclosure dropdown expand expandable expander foldable reveal spoiler"
    " toggle".split()
)
_HEADS = frozenset("button header summary title trigger".split())
_BODIES = frozenset("body content group list panel".split())
_OPTIONS = frozenset(["choice", "option"])
# Attributes that hold the sides of a card, the options of a quiz and the right one.
_QUESTION_PROPS = ("question", "q", "front", "prompt", "questionText")
_ANSWER_PROPS = ("answer", "a", "back")
_CHOICES = ("options", "choices", "answers", "items", "answerOptions")
_RIGHT = ("answer", "correct", "correctAnswer", "correctIndex", "correctOption", "answerIndex", "solution")
_IS_RIGHT = ("correct", "isCorrect", "isAnswer", "right", "isRight")
_TEXTS = ("text", "answerText", "label", "option", "content", "value", "answer", "title")
_REASONS = ("explanation", "feedback", "reason", "rationale")
_TITLES = ("title", "label", "summary", "header", "heading", "text", "name")
_ROWS = ("questions", "quiz", "items", "cards", "faqs", "data")
_TICKED, _UNTICKED = "☑", "☐"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What opens and what closes the element that stands for a component; `lost` says what is not known of it."""

    opening: str = ""
    closing: str = ""
    lost: str = ""
    is_known: bool = True


def around(element: Element, *, alone: bool) -> Around:
    """What stands for the tag of a component; `alone` says that nothing is before it on its line."""
    question = _first(element.props, _QUESTION_PROPS)
    choices = next((element.codes[name] for name in _CHOICES if name in element.codes), None)
    if question is not None and choices is not None:
        return _choice(element, question, choices)
    if question is not None:
        answer = _first(element.props, _ANSWER_PROPS)
        return Around(opening=_flashcard(question, answer, element.props.get("id")), closing="</details>")
    rows = next((element.codes[name] for name in _ROWS if name in element.codes), None)
    if rows is not None and (listed := rows_of(rows)):
        return Around(opening=listed)
    title = _first(element.props, _TITLES) or ""
    words = [word.lower() for word in _CAPITAL.split(element.name) if word]
    if element.name in _TABS and title:
        return Around(opening=f'<div class="tab">{_title(title)}', closing="</div>")
    if element.name in _CALLOUTS and alone and not element.self_closing:
        head = _title(title or _callout_title(element))
        return Around(opening=f'<div class="admonition">{head}', closing="</div>")
    if element.self_closing and (not title or _FOLDING.isdisjoint(words)):
        return Around(is_known=bool(words) and not _ROLES.isdisjoint(words))
    return _by_words(element, words, title)


def _by_words(element: Element, words: Sequence[str], title: str) -> Around:
    classes = html.escape(" ".join(dict.fromkeys([element.name.lower(), *words])))
    if not _OPTIONS.isdisjoint(words[-1:]) and "multiple" not in words:
        sign = _TICKED if _is_right(element) else _UNTICKED
        return Around(opening=f'<div {ROLE}="option">{sign} ', closing="</div>")
    if words[-1:] in (["challenges"], ["exercises"]):
        return Around(opening='<div class="challenges">', closing="</div>")
    if words[-2:] == ["multiple", "choice"]:
        around = ' class="question"' if title else ""
        return Around(opening=f"<div{around}>{_title(title)}", closing="</div>")
    if not _FOLDING.isdisjoint(words):
        if not _HEADS.isdisjoint(words):
            return Around(opening="<summary>", closing="</summary>")
        if title or words[-1] in ("item", "spoiler", "reveal", "toggle", "expandable"):
            head = inline(title) or ("" if words[-1] == "item" else "Show")
            head = f"<summary>{head}</summary>" if head else ""
            return Around(opening=f'<details class="{classes}"{_id(element)}>{head}', closing="</details>")
        return Around(is_known=not title)
    if not _ROLES.isdisjoint(words) and _BODIES.isdisjoint(words):
        return Around(opening=f'<div class="{classes}"{_id(element)}>{_title(title)}', closing="</div>")
    return Around(is_known=False)


def _is_right(element: Element) -> bool:
    for name in _IS_RIGHT:
        if name in element.codes:
            return element.codes[name].strip() == "true"
        if name in element.props:
            return element.props[name] in ("", "true")
    return False


def _choice(element: Element, question: str, code: str) -> Around:
    """A question with options in code, where the code is only data."""
    try:
        options = read_literal(code)
        right = next((_data(element, name) for name in _RIGHT if name in element.props), None)
    except NoLiteralError:
        return Around(lost=f"the component <{element.name}>: what it lets choose from is code")
    reason = _first(element.props, _REASONS)
    quiz = _quiz(question, options, right, reason)
    if quiz is None:
        return Around(lost=f"the component <{element.name}>: what it lets choose from does not tell the right answer")
    return Around(opening=quiz)


def _data(element: Element, name: str) -> Value:
    return read_literal(element.codes[name]) if name in element.codes else element.props[name]


def rows_of(code: str) -> str:
    """An array of questions with their answers or options, also as a part of a quiz; nothing where it is another."""
    try:
        rows = read_literal(code)
    except NoLiteralError:
        return ""
    if isinstance(rows, Mapping):
        rows = next((rows[name] for name in _ROWS if isinstance(rows.get(name), tuple)), None)
    pieces = []
    for row in rows if isinstance(rows, tuple) else ():
        if not isinstance(row, Mapping):
            return ""
        question = next((row[name] for name in _QUESTION_PROPS if isinstance(row.get(name), str)), None)
        options = next((row[name] for name in _CHOICES if isinstance(row.get(name), tuple)), None)
        answer = next((row[name] for name in _ANSWER_PROPS if isinstance(row.get(name), str)), None)
        if not isinstance(question, str):
            return ""
        reason = next((row[name] for name in _REASONS if isinstance(row.get(name), str)), None)
        right = next((row[name] for name in _RIGHT if name in row), None)
        if "questionType" in row:
            right = _from_zero(right)
        if options is not None:
            pieces.append(_quiz(question, options, right, reason if isinstance(reason, str) else None) or "")
        elif isinstance(answer, str):
            pieces.append(f"{_flashcard(question, answer, None)}</details>")
    return "".join(pieces)


def _from_zero(right: Value) -> Value:
    """The place of an option where a quiz counts them from 1, as the one does that says `questionType`."""
    if isinstance(right, tuple):
        return tuple(map(_from_zero, right))
    return int(str(right)) - 1 if str(right).isdecimal() else right


def _quiz(question: str, options: Value, right: Value, reason: str | None) -> str | None:
    """A question with its options, and what is right of them; None where nothing says which is."""
    if not isinstance(options, tuple) or not options:
        return None
    texts = [_text_of(option) for option in options]
    ticked = [isinstance(option, Mapping) and any(option.get(name) is True for name in _IS_RIGHT) for option in options]
    if not any(ticked):
        ticked = [_is_meant(i, texts, right) for i in range(len(texts))]
    if not any(ticked) or not all(texts):
        return None
    items = "".join(f"<li>{inline(text)}</li>" for text in texts)
    right_ones = [inline(text) for text, is_right in zip(texts, ticked, strict=True) if is_right]
    answer = right_ones[0] if len(right_ones) == 1 else f"<ul>{''.join(f'<li>{one}</li>' for one in right_ones)}</ul>"
    more = f"<p>{inline(reason)}</p>" if reason else ""
    return (
        f'<details {ROLE}="answer" {KIND}="self-check" {SHAPE}="choice">'
        f'<div {ROLE}="asked"><p>{inline(question)}</p><ul>{items}</ul></div><div>{answer}</div>{more}</details>'
    )


def _text_of(option: Value) -> str:
    if isinstance(option, Mapping):
        return next((text for name in _TEXTS if isinstance(text := option.get(name), str)), "")
    return "" if isinstance(option, tuple | bool) or option is None else str(option)


def _is_meant(at: int, texts: Sequence[str], right: Value) -> bool:
    """Is this option the right one, or one of them: by its place from 0, its letter or its text?"""
    if isinstance(right, tuple):
        return any(_is_meant(at, texts, one) for one in right)
    if isinstance(right, bool) or right is None:
        return False
    if isinstance(right, int):
        return right == at
    said = str(right).strip()
    if said in texts:
        return texts[at].strip() == said
    if said.isdecimal():
        return int(said) == at
    return len(said) == 1 and ord(said.upper()) - ord("A") == at


def _flashcard(question: str, answer: str | None, set_id: str | None) -> str:
    attribute = f' id="{html.escape(set_id)}"' if set_id else ""
    body = f"<p>{_TICKS.sub(_code, html.escape(answer, quote=False))}</p>" if answer else ""
    tag = f'<details {ROLE}="question"{attribute}><summary>{html.escape(question, quote=False)}</summary>{body}'
    return tag.replace("\n", " ")


_TICKS = re.compile(r"`([^`]+)`")


def _code(match: re.Match[str]) -> str:
    return f"<code>{match[1]}</code>"


def _id(element: Element) -> str:
    set_id = element.props.get("id")
    return f' id="{html.escape(set_id)}"' if set_id else ""


def _title(title: str) -> str:
    return f'<p class="title">{inline(title)}</p>' if title else ""


def _callout_title(element: Element) -> str:
    if element.name in _TITLED_BY_TYPE:
        return (element.props.get("type") or "note").capitalize()
    return "" if element.name in _UNTITLED else element.name


def _first(props: Mapping[str, str | None], names: Sequence[str]) -> str | None:
    return next((value for name in names if (value := props.get(name)) is not None), None)
