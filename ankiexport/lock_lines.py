"""The lines of an `ankiexport.lock` → a `Lock`, and back.

A line of JSON for the course, for each page and for each note, so that one inserted question is one inserted line.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec

from ankiexport import identity, markup
from ankiexport.errors import UsageError
from ankiexport.model import Kind, Lock, LockedNote, LockedPage

_FORMAT = 1
_ABOUT = "# Which question is which note in Anki, so that learners keep their history: commit this with the pages."
_END = "# end"
_RESTORE = "restore it from version control, or move it away and make it again: ankiexport lock --from DECK PAGES"
# "<<<<<<< HEAD", "=======", ">>>>>>> branch"
_MERGE_MARK = re.compile(r"<{7}|={7}|>{7}|\|{7}")
_LAST = 253402300799  # second of the year 9999


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    """The line of the course, above all pages."""

    lock: int  # the format
    course: str
    name: str
    ankiexport: str


class _Refusal(msgspec.Struct, forbid_unknown_fields=True, rename={"item": "for"}):
    """A line that an author has put there: the note is not the item that makes the other GUID."""

    refuse: str
    item: str


class _Page(msgspec.Struct, forbid_unknown_fields=True):
    """The line of a page, above its notes."""

    key: str
    deck: str
    number: int | None
    file: str | None


class _Note(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The line of a note."""

    guid: Annotated[str, msgspec.Meta(pattern=r"^[a-z2-7]{16}\Z")]
    kind: Kind
    label: str | None
    question: str
    answer: str
    content: str
    note_id: Annotated[int, msgspec.Meta(gt=0, le=_LAST * 1000 + 999)]
    modified: Annotated[int, msgspec.Meta(ge=0, le=_LAST)]
    context: str = ""
    retired: bool = False
    set_id: str = ""


_Line = _Head | _Refusal | _Page | _Note
_SORTS: Mapping[str, type[_Line]] = {"refuse": _Refusal, "deck": _Page, "lock": _Head}
"""What tells the sort of a line that is no note's."""
_NOTES = msgspec.json.Decoder(_Note)


class LockReader:
    """Reads one lock line by line; its errors name the line."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self._data = data
        self._line = 1
        self._has_end = False
        self._seen: dict[str, int] = {}  # what may stand once, with its line
        self._page_of: dict[str, dict[str, LockedNote]] = {}  # the notes of the page that a note was first on, by GUID

    def lock(self) -> Lock:
        head: _Head | None = None
        refused: set[tuple[str, str]] = set()
        pages: list[LockedPage] = []
        notes: list[dict[str, LockedNote]] = []
        for line in self._lines():
            if isinstance(line, _Refusal):
                refused.add((line.refuse, line.item))
            elif isinstance(line, _Head):
                if head:
                    self._fail("a second head, as of a merge: keep one of the two lines")
                head = line
            elif head is None:
                self._fail_for_want_of(_Head)
            elif isinstance(line, _Page):
                self._once(f"the page {line.key}")
                pages.append(LockedPage(key=line.key, deck=line.deck, number=line.number, file=line.file))
                notes.append({})
            elif notes:
                self._add(_locked(line), notes[-1])
            else:
                self._fail(f"damaged: a note above the first page; {_RESTORE}")
        if head is None:
            self._fail_for_want_of(_Head)
        if not self._has_end:
            self._fail(f"its end is missing; {_RESTORE}")
        return Lock(
            path=self._path,
            course_id=head.course,
            course_name=head.name,
            pages=tuple(replace(page, notes=tuple(own.values())) for page, own in zip(pages, notes, strict=True)),
            refused=frozenset(refused),
            version=head.ankiexport,
            digest=hashlib.sha256(self._data).hexdigest(),
        )

    def _add(self, note: LockedNote, page: dict[str, LockedNote]) -> None:
        """Adds a note to a page. Of two lines for one note, which a merge may leave, the later change counts."""
        page = self._page_of.setdefault(note.guid, page)
        other = page.setdefault(note.guid, note)
        if (other.modified, other.content) < (note.modified, note.content):
            page[note.guid] = note

    def _lines(self) -> Iterator[_Line]:
        for number, encoded in enumerate(BytesIO(self._data), 1):
            self._line = number
            try:
                line: _Line | None = _NOTES.decode(encoded)  # as nearly all lines are
            except (ValueError, RecursionError):
                line = self._other_line(encoded)
            if line:
                self._check_texts(line)
                yield line

    def _other_line(self, encoded: bytes) -> _Line | None:
        """A line that is no whole note; None where it is empty or a comment."""
        try:
            text = encoded.decode("utf-8")
        except UnicodeDecodeError:
            self._fail(f"damaged: not UTF-8; {_RESTORE}")
        if not text.strip() or text.startswith("#"):
            self._has_end = self._has_end or text.rstrip("\n") == _END
            return None
        if _MERGE_MARK.match(text):
            self._fail("an unfinished merge: keep the lines of both sides, then go on")
        try:
            record = msgspec.json.decode(text)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            self._fail(f"damaged: not a line of a lock; {_RESTORE}")
        sort = next((sort for key, sort in _SORTS.items() if key in record), _Note)
        if sort is _Head:
            self._check_form(record)
        try:
            line: _Line = msgspec.convert(record, sort)
        except msgspec.ValidationError:
            self._fail_for_want_of(sort)
        return line

    def _check_form(self, record: Mapping[str, Any]) -> None:
        form, course = record["lock"], record.get("course")
        if isinstance(form, int) and form > _FORMAT:
            writer = record.get("ankiexport", "a newer version")
            self._fail(f"written by ankiexport {writer} in a format that this version does not know: update ankiexport")
        if form != _FORMAT or not isinstance(course, str) or not identity.is_name(course):
            self._fail(f"damaged: no course has such a head; {_RESTORE}")

    def _check_texts(self, line: _Line) -> None:
        """Fails where a text is none that a file may hold."""
        text = "".join([value for value in msgspec.structs.astuple(line) if isinstance(value, str)])
        if markup.without_controls(text) != text:
            self._fail_for_want_of(type(line))

    def _once(self, name: str) -> None:
        first = self._seen.setdefault(name, self._line)
        if first != self._line:
            self._fail(f"{name} stands on line {first} already: keep one of the two")

    def _fail_for_want_of(self, sort: type[_Line]) -> NoReturn:
        names = ", ".join(field.encode_name for field in msgspec.structs.fields(sort) if field.required)
        self._fail(f"damaged: a line with {names} should stand here; {_RESTORE}")

    def _fail(self, message: str) -> NoReturn:
        raise UsageError(f"{self._path}:{self._line}: {message}")


def _locked(line: _Note) -> LockedNote:
    return LockedNote(
        guid=line.guid,
        kind=line.kind,
        label=line.label,
        question=line.question,
        answer=line.answer,
        content=line.content,
        note_id=line.note_id,
        modified=line.modified,
        retired=line.retired,
        set_id=line.set_id or None,
        context=line.context or None,
    )


def lines_of(lock: Lock, version: str) -> Iterator[bytes]:
    """The lines of a lock, which `version` of ankiexport writes.

    One at a time, for the text of a large course takes more memory than all else.
    """
    yield f"{_ABOUT}\n".encode()
    yield _json(_Head(_FORMAT, lock.course_id, lock.course_name, version))
    for guid, item_guid in sorted(lock.refused):
        yield _json(_Refusal(guid, item_guid))
    for page in sorted(lock.pages, key=lambda page: page.key):
        yield b"\n"
        yield _json(_Page(page.key, page.deck, page.number, page.file))
        for note in page.notes:
            yield _json(_noted(note))
    yield f"\n{_END}\n".encode()


def _noted(note: LockedNote) -> _Note:
    return _Note(
        guid=note.guid,
        kind=note.kind,
        label=note.label,
        question=note.question,
        answer=note.answer,
        content=note.content,
        note_id=note.note_id,
        modified=note.modified,
        context=note.context or "",
        retired=note.retired,
        set_id=note.set_id or "",
    )


def _json(line: _Line) -> bytes:
    """With a space between the parts, as people write JSON."""
    return msgspec.json.format(msgspec.json.encode(line), indent=0) + b"\n"
