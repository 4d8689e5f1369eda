"""Files that appear when they are whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ankiexport.errors import OutputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside the target, renamed onto it at the end. A link stays: what it points to is replaced.

    Raises:
        OutputError: it could not be written; what was there is untouched.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".ankiexport-{secrets.token_hex(6)}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if not target.parent.is_dir():
            raise NotADirectoryError(20, f"there is no folder {target.parent}")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
