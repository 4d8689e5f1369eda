"""Edits the items of real pages and prints which share of the notes keep their GUID, and how many get a wrong one.

    python benchmarks/reidentify.py [FOLDER OF PAGES] [--seeds N] [--show]

Each trial locks the pages, edits 1, 3 or 10 items of each in one way, and builds again with the lock. Asserts nothing.
Every form of a page (text dump, HTML, Markdown) is a page of its own here.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import Indel

import ankiexport
from ankiexport import Html, Item, Page
from ankiexport.identity import normalise
from ankiexport.model import Lock
from ankiexport.words import is_light

_PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages" / "clawdemy"
_COUNTS = (1, 3, 10)
_OTHER_WORD = 3  # letters by which it differs, or it might be the same with an ending
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CLAUSES = (
    "in your own words",
    "if you had to explain it to a colleague",
    "given what the lesson says",
    "assuming nothing else changes",
    "in the setting that was described above",
    "and why does that matter in practice",
)
# Other ways to say it; what is left is put in another order.
_PARAPHRASES = (
    (r"\bwhat is\b", "how would you define"),
    (r"\bwhat are\b", "name"),
    (r"\bwhy (?:is|are|does|do|did)\b", "for what reason would"),
    (r"\bhow (?:is|are|does|do|did)\b", "in which way would"),
    (r"\bwhich\b", "what kind of"),
    (r"\buses?\b", "relies on"),
    (r"\bmodels?\b", "system"),
    (r"\btells?\b", "lets you know"),
    (r"\bmeans?\b", "stands for"),
    (r"\bshows?\b", "makes visible"),
    (r"\bbecause\b", "since"),
    (r"\bdifferent\b", "unlike"),
    (r"\bneeds?\b", "requires"),
    (r"\bbig\b|\blarge\b", "sizeable"),
    (r"\bsmall\b", "little"),
    (r"\bmakes?\b", "produces"),
    (r"\bgives?\b", "supplies"),
    (r"\bsay(?:s)?\b", "states"),
    (r"\bone\b", "a single one"),
    (r"\bthe\b", "that"),
)
_ANSWERS = (
    "It was written anew, with other words and another example.",
    "A shorter answer than the one before.",
    "The whole of it rests on one idea, and this sentence is not it.",
)


@dataclass(frozen=True)
class Edited:
    """A page's items after an edit. `origin` says which item each was, by position; None: it is new."""

    items: tuple[Item, ...]
    origins: tuple[int | None, ...]
    touched: frozenset[int]


Edit = Callable[[Sequence[Item], int, random.Random, Sequence[Item]], Edited]


def _asked(item: Item, change: Callable[[str], str]) -> Item:
    """The item with another wording of its question: of all its lines the one with most letters."""
    lines = item.fingerprint_text.split("\n")
    at = max(range(len(lines)), key=lambda i: len(lines[i]))
    lines[at] = change(lines[at])
    text = "\n".join(lines)
    return replace(item, fingerprint_text=text, question=Html(f"<p>{text}</p>"))


def _each(change: Callable[[Item, random.Random], Item]) -> Edit:
    def edit(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
        chosen = frozenset(chance.sample(range(len(items)), min(count, len(items))))
        edited = tuple(change(item, chance) if i in chosen else item for i, item in enumerate(items))
        return Edited(edited, tuple(range(len(items))), chosen)

    return edit


def _typo(text: str, chance: random.Random) -> str:
    words = list(re.finditer(r"[A-Za-z]{5,}", text)) or list(re.finditer(r"[A-Za-z]{2,}", text))
    if not words:
        return text + "."
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1) if len(word[0]) > 2 else word.start()
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + chance.choice(_LETTERS) + text[at:]
    if kind == 2:
        return text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]


def _clause(text: str, chance: random.Random) -> str:
    body, end = (text[:-1], text[-1]) if text[-1:] in ".?!:" else (text, "")
    clause = chance.choice(_CLAUSES)
    return f"{clause.capitalize()}: {text}" if chance.random() < 0.3 else f"{body}, {clause}{end}"


def _rewritten(text: str, chance: random.Random) -> str:
    for pattern, other in _PARAPHRASES:
        text = re.sub(pattern, other, text, flags=re.I)
    words = text.rstrip(".?!").split(" ")
    cut = chance.randrange(1, len(words)) if len(words) > 1 else 0
    turned = words[cut:] + words[:cut]
    return f"Think of this: {' '.join(turned)}?"


def _with_answer(item: Item, chance: random.Random) -> Item:
    return replace(item, answer=Html(f"<p>{chance.choice(_ANSWERS)} ({chance.randrange(10**6)})</p>"))


def moved(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    order = list(range(len(items)))
    chosen = frozenset(chance.sample(order, min(count, len(items))))
    for i in chosen:
        order.remove(i)
        order.insert(chance.randrange(len(order) + 1), i)
    return Edited(tuple(items[i] for i in order), tuple(order), chosen)


def swapped(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    order = list(range(len(items)))
    touched: set[int] = set()
    for _ in range(count):
        at = chance.randrange(max(len(order) - 1, 1))
        touched |= {order[at], order[min(at + 1, len(order) - 1)]}
        order[at : at + 2] = reversed(order[at : at + 2])
    return Edited(tuple(items[i] for i in order), tuple(order), frozenset(touched))


def inserted(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    new: list[tuple[Item, int | None]] = [(item, i) for i, item in enumerate(items)]
    for other in chance.sample(others, count):
        new.insert(chance.randrange(len(new) + 1), (other, None))
    return Edited(tuple(item for item, _ in new), tuple(i for _, i in new), frozenset())


def deleted(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    gone = set(chance.sample(range(len(items)), min(count, len(items) - 1)))
    left = [i for i in range(len(items)) if i not in gone]
    return Edited(tuple(items[i] for i in left), tuple(left), frozenset())


def replaced(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """Another question in the very place of one that goes: from another page, label and kind as before."""
    chosen = frozenset(chance.sample(range(len(items)), min(count, len(items))))
    news = iter(chance.sample(others, len(chosen)))
    edited = [
        replace(next(news), label=item.label, kind=item.kind) if i in chosen else item for i, item in enumerate(items)
    ]
    return Edited(tuple(edited), tuple(None if i in chosen else i for i in range(len(items))), frozenset())


def twisted(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """The question in the very place differs by one word that carries it, and has another answer: another question."""
    chosen = frozenset(chance.sample(range(len(items)), min(count, len(items))))
    found = {word for item in others for word in re.findall(r"[a-z]{6,}", item.fingerprint_text)}
    terms = sorted(word for word in found if not is_light(word))

    def twist(text: str) -> str:
        words = re.findall(r"[A-Za-z]{5,}", text) or re.findall(r"\w+", text) or [text]
        old = chance.choice([word for word in words if not is_light(word.lower())] or words)
        new = chance.choice([term for term in terms if Indel.distance(term, old.lower()) > _OTHER_WORD])
        return text.replace(old, new)

    edited = [_with_answer(_asked(item, twist), chance) if i in chosen else item for i, item in enumerate(items)]
    return Edited(tuple(edited), tuple(None if i in chosen else i for i in range(len(items))), frozenset())


def turned(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """The question in the very place gains a "not" and another answer: another question."""
    chosen = frozenset(chance.sample(range(len(items)), min(count, len(items))))
    edited = [_with_answer(_asked(item, _with_not), chance) if i in chosen else item for i, item in enumerate(items)]
    return Edited(tuple(edited), tuple(None if i in chosen else i for i in range(len(items))), frozenset())


def exchanged(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """The question in the very place has two of its words exchanged and another answer: another question."""
    chosen = frozenset(chance.sample(range(len(items)), min(count, len(items))))

    def exchange(text: str) -> str:
        words = [word for word in dict.fromkeys(re.findall(r"[A-Za-z]{4,}", text)) if not is_light(word.lower())]
        pairs = [(a, b) for a in words for b in words if Indel.distance(a.lower(), b.lower()) > _OTHER_WORD]
        if not pairs:
            return f"{text} Not?"
        left, right = chance.choice(pairs)
        return re.sub(rf"\b({left}|{right})\b", lambda found: right if found[1] == left else left, text)

    edited = [_with_answer(_asked(item, exchange), chance) if i in chosen else item for i, item in enumerate(items)]
    return Edited(tuple(edited), tuple(None if i in chosen else i for i in range(len(items))), frozenset())


def _with_not(text: str) -> str:
    words = text.split(" ")
    return " ".join([*words[: len(words) // 2], "not", *words[len(words) // 2 :]])


def neighbours(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """The two most similar questions, both edited: a typo in each, the answers as they were."""
    from rapidfuzz import fuzz

    pairs = sorted(
        ((i, j) for i in range(len(items)) for j in range(i)),
        key=lambda pair: -fuzz.ratio(items[pair[0]].fingerprint_text, items[pair[1]].fingerprint_text),
    )
    chosen = frozenset(i for pair in pairs[: max(1, count // 2)] for i in pair)
    edited = tuple(
        _asked(item, lambda text: _clause(_typo(text, chance), chance)) if i in chosen else item
        for i, item in enumerate(items)
    )
    return Edited(edited, tuple(range(len(items))), chosen)


def everything(items: Sequence[Item], count: int, chance: random.Random, others: Sequence[Item]) -> Edited:
    """All the edits that keep a question, then some that do not, one after the other on one page."""
    origins: tuple[int | None, ...] = tuple(range(len(items)))
    touched: set[int] = set()
    for edit in (*_KEEPING, deleted, inserted):
        done = edit(items, max(1, count // 3), chance, others)
        touched |= {at for i in done.touched if (at := origins[i]) is not None}
        origins = tuple(None if i is None else origins[i] for i in done.origins)
        items = done.items
    left = set(origins)
    return Edited(tuple(items), origins, frozenset(touched & left))


_KEEPING: tuple[Edit, ...] = (
    _each(lambda item, chance: _asked(item, lambda text: _typo(text, chance))),
    _each(lambda item, chance: _asked(item, lambda text: _clause(text, chance))),
    moved,
    swapped,
)
_EDITS: dict[str, Edit] = {
    "typo fixed": _each(lambda item, chance: _asked(item, lambda text: _typo(text, chance))),
    "clause added": _each(lambda item, chance: _asked(item, lambda text: _clause(text, chance))),
    "question rewritten": _each(lambda item, chance: _asked(item, lambda text: _rewritten(text, chance))),
    "answer rewritten": _each(_with_answer),
    "typo fixed, answer rewritten": _each(
        lambda item, chance: _with_answer(_asked(item, lambda text: _typo(text, chance)), chance)
    ),
    "clause added, answer rewritten": _each(
        lambda item, chance: _with_answer(_asked(item, lambda text: _clause(text, chance)), chance)
    ),
    "item moved": moved,
    "neighbours swapped": swapped,
    "item inserted": inserted,
    "item deleted": deleted,
    "two similar ones edited": neighbours,
    "typos, clauses, moves and more": everything,
    "item replaced by another page's": replaced,
    "one word and the answer are others": twisted,
    "two words exchanged, another answer": exchanged,
    "a not and another answer": turned,
}


def _trial(
    page: Page, edit: Edit, count: int, chance: random.Random, others: Sequence[Item], show: bool
) -> Counter[str]:
    """Counts of `kept` and `touched` among the items edited, `lost` and `wrong` among all."""
    before = ankiexport.build([page], course="Trial", lock=_EMPTY)
    assert before.lock
    guids = [note.guid for note in before.notes]
    edited = edit(page.items, count, chance, others)
    after = ankiexport.build([replace(page, items=edited.items)], course="Trial", lock=before.lock)
    assert len(after.notes) == len(edited.items)
    counts: Counter[str] = Counter()
    for note, item, origin in zip(after.notes, edited.items, edited.origins, strict=True):
        right = guids[origin] if origin is not None else None
        counts["touched"] += origin in edited.touched
        counts["kept"] += origin in edited.touched and note.guid == right
        counts["lost"] += right is not None and note.guid not in guids
        is_wrong = note.guid in guids and note.guid != right
        counts["wrong"] += is_wrong
        if show and (is_wrong or (right and note.guid != right)):
            old = page.items[guids.index(note.guid) if is_wrong else origin or 0]
            print(
                f"    {'WRONG' if is_wrong else 'lost'}: {old.fingerprint_text!r}\n       → {item.fingerprint_text!r}"
            )
    return counts


_EMPTY = Lock(path=Path("trial.lock"), course_id="", course_name="")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=_PAGES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--show", action="store_true", help="print each note that was lost or given wrongly")
    options = parser.parse_args()
    pages = [
        page
        for path in sorted(options.folder.rglob("*.*"))
        if path.suffix in (".txt", ".html", ".md", ".mdx")
        for page in ankiexport.read(path)
        if len(page.items) > 1
    ]
    texts = {normalise(item.fingerprint_text): item for page in pages for item in page.items}
    print(f"{len(pages)} pages, {sum(len(page.items) for page in pages)} items, {options.seeds} seeds\n")
    print(f"{'edit':<36} {'items':>5} {'edited':>7} {'kept':>8} {'lost':>6} {'wrong':>6}")
    for name, edit in _EDITS.items():
        for count in _COUNTS:
            total: Counter[str] = Counter()
            for seed in range(options.seeds):
                for page in pages:
                    here = {normalise(item.fingerprint_text) for item in page.items}
                    others = [item for text, item in texts.items() if text not in here]
                    chance = random.Random(f"{seed} {page.source.name} {count}")
                    total += _trial(page, edit, count, chance, others, options.show)
            share = f"{total['kept'] / total['touched']:.2%}" if total["touched"] else "–"
            print(f"{name:<36} {count:>5} {total['touched']:>7} {share:>8} {total['lost']:>6} {total['wrong']:>6}")


if __name__ == "__main__":
    main()
