"""Sources → their readings in the same order, read in several processes where there are many."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ankiexport.errors import AnkiExportError
from ankiexport.model import Source
from ankiexport.reading import Reading, decode, encode, read_source
from ankiexport.source import fill_source

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

_WORTH_WORKERS = 24  # pages: to start a process takes as long as to read some of them
_PRELOADED = [
    "concurrent.futures.process",
    "importlib.metadata",
    "nh3",
    "ankiexport.workers",
    "ankiexport.readers.html",
    "ankiexport.pairs",
    "ankiexport.kinds",
    "ankiexport.notetype",
]
_MOST = 60  # processes: Windows cannot wait for more
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Half begun or half ended, processes would wait for each other or for what is gone."""
_AT_ONCE = 4  # pages that a process is given at a time


def cores() -> int:
    """On how many cores this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_server(pages: int, *, jobs: int) -> None:
    """Has a process beside this one load what reads pages, where so many are worth several processes."""
    if jobs > 1 and pages >= _WORTH_WORKERS:
        _context()


def read_all(sources: Sequence[Source], *, jobs: int, traces: bool) -> Iterator[Reading]:
    """The readings of sources, in their order; texts of files are loaded as they are needed.

    Args:
        jobs: How many processes may read.
        traces: See `read_source`.

    Raises:
        SourceError: a page cannot be read; of several, the first.
        UsageError: see `read_source`.
    """
    if jobs > 1 and len(sources) >= _WORTH_WORKERS:
        yield from _read_in_processes(sources, min(jobs, len(sources) // _AT_ONCE, _MOST), traces)
    else:
        yield from _read_here(sources, traces)


def _read_here(sources: Sequence[Source], traces: bool) -> Iterator[Reading]:
    return (_read(source, traces) for source in sources)


def _context() -> "BaseContext":
    """How processes are started: forked from one that has loaded what they need, and loads it from now on."""
    import multiprocessing

    is_posix = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if is_posix else "spawn")
    if is_posix:
        context.set_forkserver_preload(_PRELOADED)
        with suppress(OSError):  # it is tried again where a process is asked for
            _begin_server()
    return context


def _read_in_processes(sources: Sequence[Source], jobs: int, traces: bool) -> Iterator[Reading]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        executor = ProcessPoolExecutor(jobs, _context(), _begin)
    except (OSError, ImportError):  # a system without semaphores, or without any left
        yield from _read_here(sources, traces)
        return
    try:
        try:
            with _blocking(*_ENDING):
                given = executor.map(_read_for_another, sources, [traces] * len(sources), chunksize=_AT_ONCE)
        except (OSError, EOFError):  # no further process, or no file to speak with it
            given = _read_here(sources, traces)
        yield from (decode(it) if isinstance(it, bytes) else it for it in given)
    except BrokenProcessPool as error:
        raise AnkiExportError(
            "a process that read pages was ended from outside; try again, or with --jobs 1"
        ) from error
    finally:
        with _blocking(*_ENDING):
            executor.shutdown(cancel_futures=True)


def _read(source: Source, traces: bool) -> Reading:
    return read_source(fill_source(source), traces=traces)


def _read_for_another(source: Source, traces: bool) -> Reading | bytes:
    """A reading for another process: as bytes where that can be, for to pickle and unpickle it takes six times as long.

    Its traces hold items that it has anyway, which pickle knows.
    """
    reading = _read(source, traces)
    with suppress(UnicodeEncodeError):  # a file's name that is none in any encoding
        return reading if traces else encode(reading)
    return reading


@contextmanager
def _blocking(*names: str) -> Iterator[None]:
    """Lets signals wait, for this process and for those that it starts meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, name) for name in names])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_server() -> None:
    """Starts the process that others are forked from. Ctrl-C, which goes to all, never reaches it while it loads."""
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # or it would be started below, and let signals through again
    with _blocking("SIGINT"):
        forkserver.ensure_running()


def _begin() -> None:
    """Prepares a process: Ctrl-C is the first process's to handle, with which this one ends."""
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
