"""Prints how long the linter takes for courses of many items, of which some are hard to tell apart quickly.

    python benchmarks/lint.py [NUMBER OF ITEMS]

Asserts nothing. Each course is made up: words drawn from a vocabulary, questions of one pattern, one question again and
again.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from functools import partial

from ankiexport.lint import lint
from ankiexport.model import Course, Deck, Html, Item, Location, Note
from ankiexport.overlaps import find_covered, find_overlaps
from ankiexport.rules import RULES

_Side = Callable[[random.Random], str]


def _sentence(rng: random.Random, words: int, vocabulary: int) -> str:
    """Words by their rank, rarer ones less often, as in a language."""
    return " ".join(f"w{int(vocabulary ** rng.random())}x" for _ in range(words))


def _answer(rng: random.Random) -> str:
    return f"<p>{_sentence(rng, 30, 20_000)}</p>"


def _name(rng: random.Random) -> str:
    return f"N{rng.randrange(10**9)}"


_COURSES: dict[str, tuple[_Side, _Side]] = {
    "prose": (lambda rng: f"What does {_sentence(rng, 10, 20_000)} mean?", _answer),
    "few words": (lambda rng: f"Why {_sentence(rng, 6, 100)}?", _answer),
    "one pattern": (lambda rng: f"What is the capital of {_name(rng)}?", _name),
    "one question": (lambda rng: "What is printed?", _answer),
    "each one twice": (lambda rng: f"What is number {rng.randrange(5_000)}?", lambda rng: "The same for all of them."),
}


def _items(question: _Side, answer: _Side, count: int) -> Iterator[Item]:
    rng = random.Random(0)
    for line in range(count):
        text = question(rng)
        yield Item(
            kind="flashcard",
            shape="flashcard",
            question=Html(text),
            answer=Html(answer(rng)),
            fingerprint_text=text,
            location=Location(source="page.md", line=line),
        )


def _course(items: list[Item]) -> Course:
    notes = tuple(
        Note(guid=str(at), item=item, tags=(), modified=0, note_id=at, content="") for at, item in enumerate(items)
    )
    return Course(id="c", name="C", decks=(Deck(name="C::P", page_key="p", title="P", notes=notes),))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    count = parser.parse_args().count
    print(f"{count} items: seconds for the whole linter, for finding overlaps alone, and what can be left out")
    for name, (question, answer) in _COURSES.items():
        items = list(_items(question, answer, count))
        course = _course(items)
        steps = (partial(lint, course, RULES.keys()), partial(find_overlaps, items), partial(find_covered, items))
        times = []
        for step in steps:
            start = time.perf_counter()
            found = len(step())
            times.append(f"{time.perf_counter() - start:6.2f} s ({found} found)")
        print(f"  {name:15} {'   '.join(times)}")


if __name__ == "__main__":
    main()
