"""The body of an answer as it comes → the bytes that it stands for, as many as are allowed."""

import zlib
from collections.abc import Iterable, Iterator

_PIECE = 65_536  # bytes
_GZIP_OR_ZLIB = 47  # what zlib calls: find out by the first bytes
GZIP = b"\x1f\x8b"
"""How a compressed file begins."""


class TooLargeError(Exception):
    """There is more than is allowed."""


class CutOffError(Exception):
    """The end is missing, or it is no gzip."""


def limited(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The same pieces. Raises TooLargeError as soon as there is more than `most` bytes in them."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise TooLargeError
        yield piece


def unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip or deflate has packed, in small pieces: a bomb is never whole in memory. Raises CutOffError."""
    packed = zlib.decompressobj(_GZIP_OR_ZLIB)
    is_begun = False
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if packed.eof:
                    packed = zlib.decompressobj(_GZIP_OR_ZLIB)  # a file may be several, one after the other
                is_begun = True
                yield packed.decompress(rest, _PIECE)
                rest = packed.unconsumed_tail or packed.unused_data
        yield packed.flush()
    except zlib.error as error:
        raise CutOffError from error
    if is_begun and not packed.eof:
        raise CutOffError


def unzip(content: bytes, most: int) -> bytes:
    """A file that may be compressed, decompressed. Raises TooLargeError and CutOffError."""
    if not content.startswith(GZIP):
        return content
    pieces = (content[at : at + _PIECE] for at in range(0, len(content), _PIECE))  # each member copies what is left
    return b"".join(limited(unzipped(pieces), most))
