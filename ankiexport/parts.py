"""A course → its parts, one for each track, and the file that each goes into."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ankiexport import identity, media
from ankiexport.errors import UsageError
from ankiexport.model import Course, Deck


def split_by_track(course: Course, output: Path) -> tuple[tuple[Path, Course], ...]:
    """The lessons of each track as a course of its own, in the order of the tracks.

    `output` is the file of the lessons without a track; `statistics.apkg` makes `statistics-foundations.apkg` for those
    of the track "Foundations".

    Raises:
        UsageError: no lesson has a track, two tracks would go into one file, or `output` is no `.apkg`.
    """
    if output.suffix.lower() != ".apkg":
        raise UsageError(f"{output}: only an .apkg is written as one file for each track")
    decks: dict[str | None, list[Deck]] = {}
    for deck in course.decks:
        decks.setdefault(deck.track, []).append(deck)
    if not any(decks):
        raise UsageError(f"{course.name}: no lesson has a track; name tracks in ankiexport.toml, or give --tracks")
    paths = {track: _path_of(track, output) for track in decks}
    _check_apart(paths)
    return tuple((paths[track], _part(course, tuple(of_track))) for track, of_track in decks.items())


def _path_of(track: str | None, output: Path) -> Path:
    return output.with_name(f"{output.stem}-{identity.slug(track) or 'track'}{output.suffix}") if track else output


def _check_apart(paths: Mapping[str | None, Path]) -> None:
    tracks: dict[Path, str | None] = {}
    for track, path in paths.items():
        other = tracks.setdefault(path, track)
        if other != track:
            raise UsageError(f"{path}: the file of two tracks, {other!r} and {track!r}: give one of them another name")


def _part(course: Course, decks: tuple[Deck, ...]) -> Course:
    """A course of these decks alone, with the files that their notes show and play."""
    items = [note.item for deck in decks for note in deck.notes]
    return replace(course, decks=decks, media=media.used_by(items, course.pages))
