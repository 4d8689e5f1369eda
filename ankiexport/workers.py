"""Sources → their readings in the same order, read in several processes where there are many."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ankiexport.errors import AnkiExportError
from ankiexport.model import Source
from ankiexport.reading import Reading, read_source
from ankiexport.source import fill_source

_WORTH_WORKERS = 24  # pages: to start a process takes as long as to read some of them
_PRELOADED = ["ankiexport.readers.html", "ankiexport.pairs", "ankiexport.kinds", "ankiexport.notetype"]
_MOST = 60  # processes: Windows cannot wait for more
_AT_ONCE = 4  # pages that a process is given at a time


def cores() -> int:
    """On how many cores this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        for source in sources:
            yield _read(source, traces)


def _read_in_processes(sources: Sequence[Source], jobs: int, traces: bool) -> Iterator[Reading]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    is_posix = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if is_posix else "spawn")
    if is_posix:
        context.set_forkserver_preload(_PRELOADED)
    executor = ProcessPoolExecutor(jobs, context, _begin)
    try:
        with _deaf_to_ctrl_c():
            readings = executor.map(_read, sources, [traces] * len(sources), chunksize=_AT_ONCE)
        yield from readings
    except BrokenProcessPool as error:
        raise AnkiExportError(
            "a process that read pages was ended from outside; try again, or with --jobs 1"
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that are started meanwhile never hear Ctrl-C, also before they can say so; this one does at the end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _read(source: Source, traces: bool) -> Reading:
    return read_source(fill_source(source), traces=traces)


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
