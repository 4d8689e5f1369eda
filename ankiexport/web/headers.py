"""What the headers of an answer say → types, seconds, words."""

import time
from contextlib import suppress
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from ankiexport.markup import fold


def type_and_charset(header: str) -> tuple[str, str | None]:
    """`text/html` and `koi8-r` of `text/html; charset="koi8-r"`"""
    message = Message()
    message["Content-Type"] = header
    charset = None
    with suppress(TypeError, ValueError):  # of a charset in parts, where some have a number
        charset = message.get_param("charset")
    media_type = header.partition(";")[0].strip().lower()
    return fold(media_type), charset.strip() if isinstance(charset, str) and charset.strip() else None


def seconds_to_wait(header: str | None) -> float | None:
    """How long to wait, of `120` or `Fri, 31 Dec 1999 23:59:59 GMT`; None where nothing is said."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0)
    except (ValueError, TypeError, OverflowError):
        return None


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
