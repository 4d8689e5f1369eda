"""What stands in the braces of a GIFT question → its options, what is right, and what is said of that."""

import re
from dataclasses import dataclass

# An option with its mark, its weight and what is said of it: "=right #yes", "~%50%half"
_OPTION = re.compile(r"(?P<mark>[=~])\s*(?:%(?P<weight>-?\d+(?:[.,]\d+)?)%)?(?P<text>[^#=~]*)(?:#(?P<remark>[^=~]*))?")
_TAG = re.compile(r"<[^<>]*>")
_TRUTHS = {"t": "True", "true": "True", "f": "False", "false": "False"}
_NUMBER = r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
# "7", "7:0.1", "5..6"
_NUMERIC = re.compile(rf"\s*(?P<value>{_NUMBER})\s*(?:(?P<sign>:|\.\.)\s*(?P<more>{_NUMBER}))?\s*")
_FULL_WEIGHT = 100.0
# An equals sign of a tag's attribute, which marks no answer. No text holds this character.
_ATTRIBUTE_SIGN = "\x0e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The parts of an answer, as the file writes them. `pairs` are those of a matching question."""

    shape: str
    right: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    mark: str
    weight: float | None
    text: str
    remark: str


def parse(body: str) -> Answers | str:
    """The answers, or why there are none. `body` holds escaped signs as other characters."""
    body, _, general = _hide_attributes(body).partition("####")
    body = body.strip()
    if not body:
        return "an essay question, which has no answer"
    if body.startswith("#"):
        found = _numeric(body[1:])
    elif body.startswith(("=", "~")):
        found = _marked(body)
    else:
        found = _true_or_false(body)
    if isinstance(found, str):
        return found
    remarks = tuple(_shown(remark) for remark in (*found.remarks, general) if remark.strip())
    return Answers(
        shape=found.shape,
        right=tuple(map(_shown, found.right)),
        options=tuple(map(_shown, found.options)),
        remarks=tuple(dict.fromkeys(remarks)),
        pairs=tuple((_shown(left), _shown(right)) for left, right in found.pairs),
    )


def _hide_attributes(body: str) -> str:
    return _TAG.sub(lambda tag: tag[0].replace("=", _ATTRIBUTE_SIGN), body)


def _shown(text: str) -> str:
    return text.replace(_ATTRIBUTE_SIGN, "=").strip()


def _true_or_false(body: str) -> Answers | str:
    said, *remarks = body.split("#")
    truth = _TRUTHS.get(said.strip().lower())
    return Answers(shape="true or false", right=(truth,), remarks=tuple(remarks)) if truth else "no answer is marked"


def _options(body: str) -> list[_Option]:
    found = []
    for match in _OPTION.finditer(body):
        weight = float(match["weight"].replace(",", ".")) if match["weight"] else None
        option = _Option(mark=match["mark"], weight=weight, text=match["text"].strip(), remark=match["remark"] or "")
        if option.text:
            found.append(option)
    return found


def _numeric(body: str) -> Answers | str:
    said, _, remark = body.partition("#")
    options = _options(body) if "=" in body else [_Option(mark="=", weight=None, text=said, remark=remark)]
    full = [option for option in options if option.weight in (None, _FULL_WEIGHT)]
    right = [shown for option in full if (shown := _number(option.text))]
    if not right or len(right) != len(full):
        return "a number that could not be read"
    return Answers(shape="short answer", right=(" / ".join(right),), remarks=tuple(one.remark for one in full))


def _number(text: str) -> str:
    """A number as one writes it, with what it may differ by; empty if it is none."""
    match = _NUMERIC.fullmatch(text)
    if not match:
        return ""
    if match["sign"] == "..":
        return f"{match['value']}–{match['more']}"
    tolerance = match["more"] or "0"
    return f"{match['value']}±{tolerance}" if re.search(r"[1-9]", tolerance) else match["value"]


def _marked(body: str) -> Answers | str:
    options = _options(body)
    if not any(option.mark == "~" for option in options):
        return _matching(body) if "->" in body else _short(options)
    right = [option for option in options if option.mark == "="]
    right = right or [option for option in options if option.weight is not None and option.weight > 0]
    if not right:
        return "no option is marked as right"
    if len(options) < 2:
        return "a choice of one option"
    return Answers(
        shape="choice",
        right=tuple(option.text for option in right),
        options=tuple(option.text for option in options),
        remarks=tuple(option.remark for option in right),
    )


def _short(options: list[_Option]) -> Answers | str:
    full = [option for option in options if option.weight in (None, _FULL_WEIGHT)]
    if not full:
        return "no answer is wholly right"
    right = dict.fromkeys(option.text for option in full)
    return Answers(shape="short answer", right=(" / ".join(right),), remarks=tuple(one.remark for one in full))


def _matching(body: str) -> Answers | str:
    pairs, remarks = [], []
    for option in _options(body):
        left, arrow, right = option.text.partition("->")
        if not arrow or not right.strip():
            return "a pair without its other side"
        if left.strip():  # else a right side that nothing goes with
            pairs.append((left.strip(), right.strip()))
        remarks.append(option.remark)
    return Answers(shape="matching", pairs=tuple(pairs), remarks=tuple(remarks)) if pairs else "no pair"
