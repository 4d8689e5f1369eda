"""Work that may hang → its result, or an error in time: each job runs in a thread that nobody has to wait for."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_Result = TypeVar("_Result")
_GRACE = 0.5  # seconds in which a job may notice itself that its time is over


class Stopped(Exception):  # noqa: N818  # no error: somebody has stopped the work
    """The work was stopped from outside."""


class Clock:
    """How long a job may still take: a server may drip even its headers for days, which no timeout of a socket sees."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._end = float("inf")

    def allow(self, seconds: float) -> None:
        """The time begins anew."""
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits, outside the time that is allowed. Raises Stopped."""
        self._end = float("inf")
        if self._stopped.wait(max(seconds, 0)):
            raise Stopped


class Job(Generic[_Result]):
    """Work that has begun. It is given a clock, on which it says how long each of its steps may take.

    `late` is the error of one that takes longer.
    """

    def __init__(self, work: Callable[[Clock], _Result], clock: Clock, late: Exception) -> None:
        self._clock = clock
        self._late = late
        self._done = threading.Event()
        self._result: list[_Result] = []
        self._error: Exception | None = None
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[Clock], _Result]) -> None:
        try:
            self._result.append(work(self._clock))
        except Exception as error:
            self._error = error
        finally:
            self._done.set()

    def result(self) -> _Result:
        """Waits for it, as long as its clock allows; a signal may come between.

        Raises:
            Exception: it takes too long, or whatever the work raised.
        """
        while not self._done.wait(min(max(self._clock.left, 0.01), 0.5)):
            if self._clock.left < -_GRACE:
                raise self._late
        if self._error:
            raise self._error
        return self._result[0]
