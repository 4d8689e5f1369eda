"""Times the building of a whole made-up course: cold, from the cache, with one page changed, on one core and on two.

    python benchmarks/course.py [--lessons 310 3100] [--runs 3] [--plot docs/pictures/course.svg]

Prints, for each size, the median of whole processes' seconds with the highest memory of one process, and beside them
the floor: selectolax's bare parse of the same files and a bare SQLite writer of the same notes. Then the shares of the
stages. Asserts nothing. `--plot` measures more sizes and draws them.
"""

import argparse
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from made_site import NOTES_ON_PAGE, write_site
from write import rows, write_barely

_SIZES = (310, 3100)
_PLOTTED = (31, 100, 310, 3100)
_DRAWN = ("floor", "cold, two cores", "cold, one core", "from the cache", "one page changed")


@dataclass(frozen=True)
class _Cost:
    seconds: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} s {self.megabytes:6.0f} MB"


class _Site:
    """A made-up course on disk, with what its builds leave."""

    def __init__(self, folder: Path, lessons: int) -> None:
        self.pages = folder / "machines"
        self.lessons = lessons
        self._deck = folder / "machines.apkg"
        self._lock = folder / "ankiexport.lock"
        self._cache = folder / ".ankiexport_cache"
        write_site(self.pages, lessons)

    def build(self, cores: int) -> _Cost:
        """A whole process of the command, on so many cores."""
        command = [
            sys.executable,
            "-m",
            "ankiexport",
            "build",
            self.pages,
            "-o",
            self._deck,
            "--lock",
            self._lock,
            "-q",
        ]
        return _cost([str(word) for word in command], cores)

    def cold(self, cores: int) -> _Cost:
        shutil.rmtree(self._cache, ignore_errors=True)
        self._lock.unlink(missing_ok=True)
        self._deck.unlink(missing_ok=True)
        return self.build(cores)

    def with_one_change(self, cores: int) -> _Cost:
        (changed, *_) = sorted(self.pages.rglob("*.html"))
        before = changed.read_text("utf-8")
        changed.write_text(before.replace("why is it there", "why is it in that place", 1), "utf-8")
        try:
            return self.build(cores)
        finally:
            changed.write_text(before, "utf-8")
            self.build(cores)

    def floor(self) -> float:
        """Seconds of the bare parse and the bare writer, in a process of its own."""
        given = self._deck.with_suffix(".rows")
        if not given.exists():
            import ankiexport

            course = ankiexport.build(ankiexport.read(self.pages, jobs=2, traces=False), course="Machines")
            given.write_bytes(pickle.dumps(rows(course)))
        command = [sys.executable, __file__, "--floor", str(self.pages), str(given)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def stages(self) -> dict[str, float]:
        """Seconds of each stage, cold and on one core, in a process of its own."""
        command = [sys.executable, __file__, "--stages", str(self.pages)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return {name: float(seconds) for name, seconds in (line.split() for line in said.splitlines())}


def _cost(command: list[str], cores: int) -> _Cost:
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=_as_installed(), preexec_fn=lambda: os.sched_setaffinity(0, allowed))
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return _Cost(took, used.ru_maxrss / 1024)


def _as_installed() -> dict[str, str]:
    """An environment in which modules are compiled once, as `pip install` does, and not by each process."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "ankiexport-benchmark"))}


def _print_floor(pages: Path, given: Path) -> None:
    from selectolax.lexbor import LexborHTMLParser

    notes = pickle.loads(given.read_bytes())
    start = time.perf_counter()
    for path in pages.rglob("*.html"):
        LexborHTMLParser(path.read_text("utf-8"))
    parsed = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        print(parsed + write_barely(notes, Path(folder)))


def _print_stages(pages: Path) -> None:
    import ankiexport

    with tempfile.TemporaryDirectory() as folder:
        at = [time.perf_counter()]
        read = ankiexport.read(pages, traces=False)
        at.append(time.perf_counter())
        course = ankiexport.build(read, course="Machines", lock=Path(folder, "ankiexport.lock"))
        at.append(time.perf_counter())
        ankiexport.write(course, Path(folder, "machines.apkg"))
        at.append(time.perf_counter())
    for name, start, end in zip(("reading", "identifying", "writing"), at, at[1:], strict=False):
        print(name, end - start)


def measure(site: _Site, runs: int) -> dict[str, float]:
    """Prints all of a site; gives seconds by what was done. Ways take turns, for a machine is not always as fast."""
    size = sum(path.stat().st_size for path in site.pages.rglob("*.html")) / 1e6
    print(f"\n{site.lessons} lessons, {site.lessons * NOTES_ON_PAGE} notes, {size:.0f} MB")
    ways: dict[str, Callable[[], _Cost]] = {
        "floor": lambda: _Cost(site.floor(), 0),
        "cold, two cores": lambda: site.cold(2),
        "cold, one core": lambda: site.cold(1),
        "from the cache": lambda: site.build(1),
        "from the cache, two cores": lambda: site.build(2),
        "one page changed": lambda: site.with_one_change(1),
        "one page changed, two cores": lambda: site.with_one_change(2),
    }
    site.build(1)
    site.floor()
    turns = [{name: run() for name, run in ways.items()} for _ in range(runs)]
    median = {name: statistics.median(turn[name].seconds for turn in turns) for name in ways}
    for name in ways:
        cost = _Cost(median[name], max(turn[name].megabytes for turn in turns))
        print(f"  {name:<27} {cost}  {median[name] / median['floor']:5.1f} times the floor")
    print(f"  one core / two cores: {median['cold, one core'] / median['cold, two cores']:.2f}")
    return median


def plot(times: dict[int, dict[str, float]], path: Path) -> None:
    """Seconds against lessons, both on a logarithmic scale, where what grows linearly is a straight line."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ankiexport"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for name in _DRAWN:
        axes.loglog(list(times), [of[name] for of in times.values()], marker="o", label=name)
    axes.set_xlabel("lessons of 250 kB")
    axes.set_ylabel("seconds")
    axes.set_xticks(list(times), [str(lessons) for lessons in times])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    print(f"\n{path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--floor", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--stages", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        _print_floor(*options.floor)
        return
    if options.stages:
        _print_stages(options.stages)
        return
    times = {}
    for lessons in sorted({*options.lessons, *(_PLOTTED if options.plot else ())}):
        with tempfile.TemporaryDirectory() as folder:
            site = _Site(Path(folder), lessons)
            is_asked = lessons in options.lessons and lessons < max(_SIZES)
            times[lessons] = measure(site, options.runs if is_asked else 1)
            stages = site.stages()
            whole = sum(stages.values())
            print(f"  {', '.join(f'{name} {seconds / whole:.0%}' for name, seconds in stages.items())} of a cold build")
    if options.plot:
        plot(times, options.plot)


if __name__ == "__main__":
    main()
