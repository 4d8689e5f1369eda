"""A course → a table for Anki's text import, a row for each note: with commas (.csv) or with tabs (.tsv)."""

import csv
from functools import partial
from pathlib import Path

from ankiexport import notetype
from ankiexport.model import Course

# What Anki is told of a row in columns of their own, before the fields (Anki manual, "Text Files", "File Headers")
_COLUMNS = ("guid", "notetype", "deck", "tags")


def _write(course: Course, path: Path, *, separator: str, called: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        names = separator.join((*_COLUMNS, *notetype.FIELDS))
        file.write(f"#separator:{called}\n#html:true\n#columns:{names}\n")
        file.writelines(f"#{column} column:{number}\n" for number, column in enumerate(_COLUMNS, 1))
        table = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for deck in course.decks:
            for note in deck.notes:
                fields = notetype.fields(course.id, deck, note.guid, note.item)
                table.writerow((note.guid, notetype.NAME, deck.name, " ".join(note.tags), *fields.values()))


write_csv = partial(_write, separator=",", called="Comma")
write_tsv = partial(_write, separator="\t", called="Tab")
