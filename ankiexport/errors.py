"""What can go wrong: one tree of exceptions, each with the exit status that the command gives for it."""


class AnkiExportError(Exception):
    """Something that stops the work. Its text is one line that a user can act on."""

    exit_status = 1


class ShrinkError(AnkiExportError):
    """So many notes are gone from their pages that it looks like a mistake; nothing was written."""


class StaleLockError(AnkiExportError):
    """The lock is missing or not up to date though it must be; nothing was written."""


class UsageError(AnkiExportError):
    """A bad option, `ankiexport.toml`, output name, lock or course: something for the user to change."""

    exit_status = 2


class NoItemError(AnkiExportError):
    """The whole input holds no question with an answer."""

    exit_status = 3


class SourceError(AnkiExportError):
    """A page that is missing or cannot be read."""

    exit_status = 4


class OutputError(AnkiExportError):
    """An output that could not be written. What was there before is untouched."""

    exit_status = 5
