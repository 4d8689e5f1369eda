"""Times the writing of decks of 50 notes against plain genanki, a bare SQLite writer and Anki's own export.

    python benchmarks/write.py [--notes 1000 10000 100000] [--runs 3]

Prints, for each number of notes, the median time and the highest memory of each way, one process a run, and how they
compare. Asserts nothing. `anki` (AGPL) is needed for its own column alone.
"""

import argparse
import json
import multiprocessing
import resource
import sqlite3
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import genanki

import ankiexport
from ankiexport import Course, Html, Item, Location, Page, Source, notetype
from ankiexport.lock import load_lock

_IN_A_DECK = 50
_SIZES = (1_000, 10_000, 100_000)


def made_pages(notes: int) -> list[Page]:
    """Pages of 50 items, each with its own question, and an answer of a paragraph."""
    return [
        _page(number, min(_IN_A_DECK, notes - first)) for number, first in enumerate(range(0, notes, _IN_A_DECK), 1)
    ]


def _page(number: int, items: int) -> Page:
    name = f"lesson-{number}.md"
    made = tuple(
        Item(
            kind="self-check",
            shape="numbered",
            question=Html(f"What does part <code>{number}.{i}</code> of this made-up machine do, and why is it there?"),
            answer=Html(
                f"It holds part <strong>{i}</strong> in place while the others turn, so that nothing comes loose when"
                f" machine {number} is moved to another room, which happens more often than one thinks."
            ),
            fingerprint_text=f"What does part {number}.{i} of this made-up machine do, and why is it there?",
            location=Location(source=name, line=i + 1),
        )
        for i in range(items)
    )
    source = Source(name=name, text="a page", format="markdown")
    return Page(key=f"lesson-{number}", title=f"Lesson {number}", source=source, items=made)


Rows = list[tuple[str, str, list[str], tuple[str, ...]]]


def rows(course: Course) -> Rows:
    """What the other writers are given: deck, GUID, fields, tags."""
    return [
        (
            deck.name,
            note.guid,
            list(notetype.fields(course.id, deck, note.guid, note.item, note.prepared).values()),
            note.tags,
        )
        for deck in course.decks
        for note in deck.notes
    ]


def with_ankiexport(notes: int, folder: Path) -> float:
    course = ankiexport.build(made_pages(notes), course="Machines")
    start = time.perf_counter()
    ankiexport.write(course, folder / "ours.apkg")
    return time.perf_counter() - start


def _build_and_write(notes: int, folder: Path, lock: bool) -> float:
    pages = made_pages(notes)
    start = time.perf_counter()
    course = ankiexport.build(pages, course="Machines", lock=folder / "ankiexport.lock" if lock else None)
    ankiexport.write(course, folder / "ours.apkg")
    return time.perf_counter() - start


def built_without_lock(notes: int, folder: Path) -> float:
    return _build_and_write(notes, folder, lock=False)


def built_with_new_lock(notes: int, folder: Path) -> float:
    return _build_and_write(notes, folder, lock=True)


def built_with_known_lock(notes: int, folder: Path) -> float:
    _build_and_write(notes, folder, lock=True)
    assert load_lock(folder / "ankiexport.lock")
    return _build_and_write(notes, folder, lock=True)


def with_genanki(notes: int, folder: Path) -> float:
    given = rows(ankiexport.build(made_pages(notes), course="Machines"))
    start = time.perf_counter()
    note_type = genanki.Model(
        notetype.ID,
        notetype.NAME,
        fields=[{"name": name} for name in notetype.FIELDS],
        templates=[
            {"name": name, "qfmt": notetype.template(name)[0], "afmt": notetype.template(name)[1]}
            for name in notetype.TEMPLATES
        ],
        css=notetype.css(),
    )
    decks: dict[str, genanki.Deck] = {}
    for number, (deck, guid, fields, tags) in enumerate(given):
        into = decks.setdefault(deck, genanki.Deck(1_000_000 + number, deck))
        into.add_note(genanki.Note(model=note_type, fields=fields, tags=tags, guid=guid, due=number))
    genanki.Package(list(decks.values())).write_to_file(folder / "genanki.apkg")
    return time.perf_counter() - start


def with_bare_sqlite(notes: int, folder: Path) -> float:
    return write_barely(rows(ankiexport.build(made_pages(notes), course="Machines")), folder)


def write_barely(given: Rows, folder: Path) -> float:
    """Writes a package with SQLite and zipfile alone: the seconds that it took."""
    start = time.perf_counter()
    from genanki.apkg_col import APKG_COL
    from genanki.apkg_schema import APKG_SCHEMA

    path = folder / "collection.anki2"
    connection = sqlite3.connect(path)
    connection.executescript(APKG_SCHEMA)
    connection.executescript(APKG_COL)
    names = dict.fromkeys(deck for deck, *_ in given)
    ids = {name: number for number, name in enumerate(names, 2)}
    decks = {number: {"id": number, "name": name, "conf": 1} for name, number in ids.items()}
    connection.execute("UPDATE col SET decks = ?", (json.dumps(decks),))
    connection.executemany(
        "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,0,0,'')",
        (
            (i, guid, notetype.ID, 0, f" {' '.join(tags)} ", "\x1f".join(fields), fields[0])
            for i, (_, guid, fields, tags) in enumerate(given, 1)
        ),
    )
    connection.executemany(
        "INSERT INTO cards VALUES(?,?,?,0,0,-1,0,0,?,0,0,0,0,0,0,0,0,'')",
        ((i, i, ids[deck], i) for i, (deck, *_) in enumerate(given, 1)),
    )
    connection.commit()
    connection.execute("VACUUM")
    connection.close()
    with zipfile.ZipFile(folder / "bare.apkg", "w") as package:
        package.write(path, "collection.anki2")
        package.writestr("media", "{}")
    return time.perf_counter() - start


def with_anki(notes: int, folder: Path) -> float:
    from anki.collection import AddNoteRequest, Collection, DeckIdLimit, ExportAnkiPackageOptions
    from anki.decks import DeckId

    given = rows(ankiexport.build(made_pages(notes), course="Machines"))
    collection = Collection(str(folder / "collection.anki2"))
    start = time.perf_counter()
    kind = collection.models.new(notetype.NAME)
    for name in notetype.FIELDS:
        collection.models.add_field(kind, collection.models.new_field(name))
    template = collection.models.new_template("Card")
    template["qfmt"], template["afmt"] = notetype.template("Card")
    collection.models.add_template(kind, template)
    collection.models.add(kind)
    requests = []
    for deck, guid, fields, tags in given:
        note = collection.new_note(kind)
        note.guid, note.fields, note.tags = guid, fields, list(tags)
        requests.append(AddNoteRequest(note=note, deck_id=DeckId(collection.decks.id(deck) or 1)))
    collection.add_notes(requests)
    parent = collection.decks.id("Machines")
    options = ExportAnkiPackageOptions(legacy=True)
    collection.export_anki_package(
        out_path=str(folder / "anki.apkg"), options=options, limit=DeckIdLimit(DeckId(parent or 1))
    )
    took = time.perf_counter() - start
    collection.close()
    return took


_WAYS: dict[str, Callable[[int, Path], float]] = {
    "ankiexport writes": with_ankiexport,
    "plain genanki": with_genanki,
    "bare SQLite and zip": with_bare_sqlite,
    "anki adds and exports": with_anki,
    "built and written, no lock": built_without_lock,
    "built and written, new lock": built_with_new_lock,
    "built and written, known lock": built_with_known_lock,
}


def _measure(way: str, notes: int, results: "multiprocessing.Queue[tuple[float, float]]") -> None:
    with tempfile.TemporaryDirectory() as folder:
        took = _WAYS[way](notes, Path(folder))
    results.put((took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(way: str, notes: int, runs: int) -> tuple[float, float]:
    """The median of the seconds, and the highest memory in MB, the notes themselves included."""
    context = multiprocessing.get_context("spawn")
    found = []
    for _ in range(runs):
        results: multiprocessing.Queue[tuple[float, float]] = context.Queue()
        process = context.Process(target=_measure, args=(way, notes, results))
        process.start()
        found.append(results.get())
        process.join()
    return statistics.median(took for took, _ in found), max(memory for _, memory in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ways", nargs="+", default=list(_WAYS), choices=list(_WAYS))
    options = parser.parse_args()
    for notes in options.notes:
        print(f"{notes} notes in {-(-notes // _IN_A_DECK)} decks")
        times = {}
        for way in options.ways:
            times[way], memory = measure(way, notes, options.runs)
            print(f"  {way:<30} {times[way]:>8.2f} s {memory:>7.0f} MB {times[way] / notes * 1e6:>8.1f} µs a note")
        for over, under in (
            ("plain genanki", "ankiexport writes"),
            ("ankiexport writes", "bare SQLite and zip"),
            ("built and written, new lock", "built and written, no lock"),
            ("built and written, known lock", "built and written, no lock"),
        ):
            if over in times and under in times:
                print(f"  {over} / {under}: {times[over] / times[under]:.2f}")
        print()


if __name__ == "__main__":
    main()
