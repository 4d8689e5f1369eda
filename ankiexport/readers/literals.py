"""Arrays and objects of JavaScript as data: `[{text: "a", correct: true}, 'b']`. Nothing is run."""

import re
from collections.abc import Mapping, Sequence

from ankiexport.readers.jsx import literal, string_end

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}
_DEEPEST = 20


class NoLiteralError(ValueError):
    """The code would have to be run."""


def read_literal(code: str) -> Value:
    """What a literal says; raises `NoLiteralError` where the code is none."""
    reader = _Reader(code)
    value = reader.value(0)
    if reader.at != len(code):
        raise NoLiteralError(code)
    return value


def literal_end(text: str, start: int) -> int:
    """Where the literal that begins at a place ends; raises `NoLiteralError` where there is none."""
    reader = _Reader(text, start)
    reader.value(0)
    return len(text[start : reader.at].rstrip()) + start


class _Reader:
    """Goes through the code from one value to the next."""

    def __init__(self, code: str, at: int = 0) -> None:
        self._code = code
        self.at = at

    def value(self, depth: int) -> Value:
        self._skip()
        character = self._code[self.at : self.at + 1]
        if depth > _DEEPEST or not character:
            raise NoLiteralError(self._code)
        found: Value
        if character == "[":
            found = self._array(depth)
        elif character == "{":
            found = self._object(depth)
        elif character in "'\"`":
            found = self._string()
        else:
            found = self._word()
        self._skip()
        return found

    def _skip(self) -> None:
        match = _SPACE.match(self._code, self.at)
        self.at = match.end() if match else self.at

    def _take(self, sign: str) -> bool:
        self._skip()
        if not self._code.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _array(self, depth: int) -> Value:
        self.at += 1
        values: list[Value] = []
        while not self._take("]"):
            values.append(self.value(depth + 1))
            if not self._take(",") and not self._code.startswith("]", self.at):
                raise NoLiteralError(self._code)
        return tuple(values)

    def _object(self, depth: int) -> Value:
        self.at += 1
        values: dict[str, Value] = {}
        while not self._take("}"):
            name = self._name()
            if not self._take(":"):
                raise NoLiteralError(self._code)
            values[name] = self.value(depth + 1)
            if not self._take(",") and not self._code.startswith("}", self.at):
                raise NoLiteralError(self._code)
        return values

    def _name(self) -> str:
        self._skip()
        if self._code[self.at : self.at + 1] in ("'", '"'):
            return self._string()
        match = _NAME.match(self._code, self.at) or _NUMBER.match(self._code, self.at)
        if match is None:
            raise NoLiteralError(self._code)
        self.at = match.end()
        return match[0]

    def _string(self) -> str:
        end = string_end(self._code, self.at)
        text = literal(self._code[self.at : end])
        if end <= self.at + 1 or text is None:
            raise NoLiteralError(self._code)
        self.at = end
        return text

    def _word(self) -> Value:
        if match := _NUMBER.match(self._code, self.at):
            self.at = match.end()
            return float(match[0]) if "." in match[0] else int(match[0])
        match = _NAME.match(self._code, self.at)
        if match is None or match[0] not in _WORDS:
            raise NoLiteralError(self._code)
        self.at = match.end()
        return _WORDS[match[0]]
