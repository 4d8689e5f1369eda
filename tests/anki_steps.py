"""Takes steps in a throwaway collection of whichever Anki runs this; steps in as JSON, what each gave out as JSON.

python anki_steps.py '[["import", "deck.apkg"], ["study", 30], ["schedule"]]'
"""

import json
import sys
from pathlib import Path

from ankiexport.verify import Collection


def note_of(collection, guid):
    return collection.anki.get_note(collection.anki.db.scalar("SELECT id FROM notes WHERE guid = ?", guid))


def import_package(collection, path):
    found = collection.import_package(Path(path))
    return [found.new, found.updated, found.unchanged, found.conflicting]


def import_always(collection, path):
    """With the learner's choice to update notes always."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS

    options = ImportAnkiPackageOptions(update_notes=ALWAYS, update_notetypes=ALWAYS)
    log = collection.anki.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options)).log
    return [len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)]


def import_text(collection, path):
    """As the desktop app does with the settings that it shows for the file: new, updated, unchanged, turned away."""
    from anki.collection import ImportCsvRequest

    metadata = collection.anki.get_csv_metadata(path=path, delimiter=None)
    log = collection.anki.import_csv(ImportCsvRequest(path=path, metadata=metadata)).log
    turned_away = (
        log.conflicting,
        log.first_field_match,
        log.missing_notetype,
        log.missing_deck,
        log.empty_first_field,
    )
    return [len(log.new), len(log.updated), len(log.duplicate), sum(map(len, turned_away))]


def edit(collection, guid, field, value):
    note = note_of(collection, guid)
    note[field] = value
    collection.anki.update_note(note)


def edited_days_ago(collection, guid, days):
    """As if the learner's last edit of a note had been that long ago."""
    collection.anki.db.execute("UPDATE notes SET mod = mod - ? WHERE guid = ?", days * 86_400, guid)


def tag(collection, guid, name):
    note = note_of(collection, guid)
    note.add_tag(name)
    collection.anki.update_note(note)


def suspend(collection, guid):
    collection.anki.sched.suspend_cards([card.id for card in note_of(collection, guid).cards()])


def move(collection, guid, deck):
    collection.anki.set_deck([card.id for card in note_of(collection, guid).cards()], collection.anki.decks.id(deck))


def remove(collection, guid):
    collection.anki.remove_notes([note_of(collection, guid).id])


def remove_all(collection):
    collection.anki.remove_notes(list(collection.anki.find_notes("")))


def describe(collection, deck, text):
    found = collection.anki.decks.by_name(deck)
    found["desc"] = text
    collection.anki.decks.save(found)


def front(collection, guid, template):
    """What the question side of a note's card shows."""
    return note_of(collection, guid).cards()[template].question()


def remove_empty_cards(collection):
    """What Tools → Empty Cards does."""
    report = collection.anki.get_empty_cards()
    collection.anki.remove_cards_and_orphaned_notes([card for note in report.notes for card in note.card_ids])


STEPS = {
    "import": import_package,
    "import always": import_always,
    "import text": import_text,
    "study": lambda collection, most: collection.study(most),
    "schedule": lambda collection: sorted([*card, *state] for card, state in collection.schedule().items()),
    "reviews": lambda collection: collection.reviews(),
    "contents": lambda collection: collection.contents(),
    "edit": edit,
    "edited days ago": edited_days_ago,
    "front": front,
    "empty cards": remove_empty_cards,
    "tag": tag,
    "suspend": suspend,
    "move": move,
    "remove": remove,
    "remove all": remove_all,
    "describe": describe,
    "description": lambda collection, deck: collection.anki.decks.by_name(deck)["desc"],
    "places": lambda collection: {
        guid: collection.anki.decks.name(state[1]) for (guid, _), state in collection.schedule().items()
    },
    "typed": lambda collection, guid, typed: collection.anki.compare_answer(note_of(collection, guid)["Typed"], typed),
    "decks": lambda collection: list(collection.decks()),
    "deck of": lambda collection, guid: collection.anki.decks.name(note_of(collection, guid).cards()[0].did),
    "find": lambda collection, search: [collection.anki.get_note(n).guid for n in collection.anki.find_notes(search)],
    "css": lambda collection: collection.anki.models.by_name("ankiexport")["css"],
    "note types": lambda collection: [kind["name"] for kind in collection.anki.models.all()],
}


def main():
    with Collection() as collection:
        seen = [STEPS[name](collection, *arguments) for name, *arguments in json.loads(sys.argv[1])]
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
