"""Items get their identity: fingerprint text in, a GUID per item out, and the slugs that courses and pages go by.

Everything here is a contract: people's collections hold these GUIDs. `tests/frozen/` pins some of them.
"""

import base64
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ankiexport import markup
from ankiexport.errors import AnkiExportError
from ankiexport.model import Html, Item, Kind, Prepared, Problem
from ankiexport.plain import plain

_SCHEME = "ankiexport-1"
_GUID_BYTES = 10  # 80 bits make 16 characters of base32
_SHORT_HASH = 16  # hexadecimal digits

_TYPEWRITTEN = {
    **dict.fromkeys("‘’‚‛′ʼ´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "\u00ad": "",  # soft hyphen
    "\u200b": "",  # zero width space
    "\ufeff": "",
}
_TYPOGRAPHIC = re.compile(f"[{''.join(_TYPEWRITTEN)}]")
# A list bullet, box or number at the start of a line: "  • ", "- ", "2. ", "3) "
_LIST_MARK = re.compile(r"^\s*(?:(?:[•◦▪‣*+-]|\d{1,3}[.)])\s+(?:[☐☑]\s+)?|[☐☑]\s+)", re.M)
_DASHES = re.compile(r"-{2,}")
_CODE_MARK = "`"  # stands around code in a source; no other form of the page shows it


def normalise(text: str) -> str:
    """Fingerprint text as it is hashed: the same for a text dump, HTML and Markdown of one page. Case is kept."""
    if not text.isascii():
        text = _typewritten(text)
    text = text.replace(_CODE_MARK, "")
    if "\n" in text or _LIST_MARK.match(text):
        text = _LIST_MARK.sub("", text)
    if "--" in text:
        text = _DASHES.sub("-", text)
    return markup.fold(text)


def _typewritten(text: str) -> str:
    """A text, composed, with the quotes, dashes and dots that a typewriter has."""
    return _TYPOGRAPHIC.sub(lambda sign: _TYPEWRITTEN[sign[0]], unicodedata.normalize("NFC", text))


def slug(text: str) -> str:
    """Letters, marks and digits of any script in lower case, joined by `-`; apostrophes vanish. May be empty."""
    text = _typewritten(text).lower().replace("'", "")
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return "-".join(kept.split())


def is_name(text: str) -> bool:
    """May a course or a page go by this? It stands in tags and file names: letters, digits, marks and `-`, `_`, `.`."""
    return text[:1] not in "-." and all(c in "-_." or unicodedata.category(c)[0] in "LMN" for c in text)


def digest(*parts: str) -> bytes:
    """SHA-256 over the parts, each with its length before it, so that no two lists of parts are hashed alike."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.sha256(b"".join([len(data).to_bytes(8, "big") + data for data in encoded])).digest()


def guid(course_id: str, page_key: str, kind: str, *fingerprint: str) -> str:
    """16 characters of lower-case base32 (a-z, 2-7), which need no quotes in CSV, a shell or Anki's search."""
    hashed = digest(_SCHEME, course_id, page_key, kind, *fingerprint)[:_GUID_BYTES]
    return base64.b32encode(hashed).decode("ascii").lower()


def short_hash(*parts: str) -> str:
    """Enough of a hash to tell whether two texts of one note are the same: 16 hexadecimal digits."""
    return digest(*parts).hex()[:_SHORT_HASH]


def file_hash(content: bytes) -> str:
    """What a file is named after in the package: 24 hexadecimal digits of its bytes' hash."""
    return hashlib.sha256(content).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """An item and what it is known by: the GUID that its own text makes, that text, and hashes of answer and context.

    All texts are normalised.
    """

    guid: str
    prepared: Prepared
    question: str

    @property
    def item(self) -> Item:
        return self.prepared.item

    @property
    def answer(self) -> str:
        return self.prepared.answer

    @property
    def answer_text(self) -> str:
        return answer_text(self.item)

    @property
    def context(self) -> str | None:
        return self.prepared.context

    @property
    def kind(self) -> Kind:
        return self.item.kind

    @property
    def label(self) -> str | None:
        return self.item.label

    @property
    def set_id(self) -> str | None:
        return self.item.set_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """The items of a page with their fingerprints, in page order."""

    fingerprints: tuple[Fingerprint, ...]
    problems: tuple[Problem, ...] = ()


def merge_repeats(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """One item where a page asks and answers the same thing twice as the same kind."""
    questions = [(item.kind, normalise(item.fingerprint_text)) for item in items]
    counts = Counter(questions)
    kept: dict[tuple[str, ...], Item] = {}
    problems = []
    for number, (item, question) in enumerate(zip(items, questions, strict=True)):
        key = (*question, answer_text(item), _media(item)) if counts[question] > 1 else (*question, str(number))
        first = kept.setdefault(key, item)
        if first is not item:
            problems.append(_repeat(item, first))
    return tuple(kept.values()), tuple(problems)


def _repeat(item: Item, first: Item) -> Problem:
    """A note; a warning where the prompt or the spelling says that it may be another question after all."""
    message = f"the same question and answer as on line {first.location.line}: kept once"
    if (item.context, item.fingerprint_text) == (first.context, first.fingerprint_text):
        return Problem(location=item.location, severity="note", message=message)
    return Problem(location=item.location, severity="warning", message=f"{message}, though prompt or spelling differ")


def prepare(item: Item, fields: Mapping[str, Html] | None = None) -> Prepared:
    """An item with what its texts alone decide; `fields` are those of a note, if they are known already."""
    question = normalise(item.fingerprint_text)
    return Prepared(
        item=item,
        question=None if question == item.fingerprint_text else question,
        answer=short_hash(answer_text(item)),
        context=short_hash(plain_text(item.context)) if item.context else None,
        fields=fields,
    )


def assign_guids(course_id: str, page_key: str, items: Sequence[Item], prepared: Iterable[Prepared] = ()) -> Identified:
    """A GUID for each item. The order of the items, their labels and their answers play no part.

    But for items of one kind with the same question: each of them adds its context, then its label, then its answer,
    then its pictures, until they differ; never its position.

    Args:
        prepared: What is known already of these very items, or of others.

    Raises:
        AnkiExportError: two items cannot be told apart (`merge_repeats` leaves none such).
    """
    known = {id(one.item): one for one in prepared}
    of_page = [known.get(id(item)) or prepare(item) for item in items]
    groups: dict[tuple[str, str], list[Prepared]] = {}
    for one in of_page:
        question = one.item.fingerprint_text if one.question is None else one.question
        groups.setdefault((one.item.kind, question), []).append(one)
    made: dict[int, Fingerprint] = {}
    problems = []
    for (kind, question), group in groups.items():
        for one, extra in zip(group, _extras([one.item for one in group]), strict=True):
            found = guid(course_id, page_key, kind, question, *extra)
            made[id(one)] = Fingerprint(guid=found, prepared=one, question=question)
        if len(group) > 1:
            lines = ", ".join(str(one.item.location.line) for one in group)
            message = f"one question with {len(group)} answers (lines {lines}): told apart by context, label or answer"
            problems.append(Problem(location=group[1].item.location, severity="warning", message=message))
    if len({fingerprint.guid for fingerprint in made.values()}) < len(items):
        raise AnkiExportError(f"page {page_key}: two notes have one GUID; this is a bug in ankiexport")
    return Identified(fingerprints=tuple(made[id(one)] for one in of_page), problems=tuple(problems))


def _extras(group: Sequence[Item]) -> list[tuple[str, ...]]:
    """What each item of a group adds to its hash: as little as tells all of them apart."""
    extras: list[tuple[str, ...]] = [() for _ in group]
    if len(group) == 1:
        return extras
    for of in (_context, _label, answer_text, _media):
        extras = [(*extra, of(item)) for extra, item in zip(extras, group, strict=True)]
        if len(set(extras)) == len(group):
            break
    return extras


def _context(item: Item) -> str:
    return plain_text(item.context) if item.context else ""


def _label(item: Item) -> str:
    return item.label or ""


def _media(item: Item) -> str:
    """Where the page has the pictures and recordings that the item shows, for it may show nothing else."""
    return "\n".join((*markup.media_of(item.question), "", *markup.media_of(item.answer)))


def answer_text(item: Item) -> str:
    return plain_text(item.answer)


def plain_text(fragment: Html) -> str:
    """HTML as normalised plain text."""
    return normalise(plain(fragment))
