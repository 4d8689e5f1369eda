"""What several test modules need: the folders, the command, pages in memory, real Anki."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from astronomy import write_astronomy
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings
from misbehaving_server import Site
from papers import NO_BROWSER
from sky import DAY, DAY_ONE, MOON, SUN, write_page
from tabs import Tab, tab_of

from ankiexport import Page, Source, read
from ankiexport.browser import print_page, system_browsers
from ankiexport.errors import AnkiExportError

settings.register_profile(
    "tests", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")

ROOT = Path(__file__).resolve().parent.parent
OLD_ANKIS = ["24.6.3", "25.2"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where everything is installed, as in `.ci/run`, a test that skips hides something."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("ANKIEXPORT_NO_SKIPS"):
        terminalreporter.section("skipped tests, which ANKIEXPORT_NO_SKIPS forbids", red=True)
        pytest.exit(f"{len(skipped)} tests were skipped", returncode=1)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """The folder of real pages, which is no part of the repository: their text belongs to others."""
    folder = ROOT.parent / "shared" / "pages"
    if not folder.is_dir():
        pytest.skip("the real pages are not here: ../shared/pages, seen from the root of the repository, is missing")
    return folder


@pytest.fixture(scope="session")
def real_tools(real_pages: Path) -> Path:
    """The scripts that measure a listing against the real pages."""
    folder = real_pages.parent / "tools"
    if not folder.is_dir():
        pytest.skip("../shared/tools, seen from the root of the repository, is missing")
    return folder


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of the tests' own, also for the processes that they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANKIEXPORT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command in an empty working folder, inside this process. No traceback may ever come out."""
    from ankiexport.cli import main

    working_folder = tmp_path / "working-folder"
    working_folder.mkdir()
    monkeypatch.chdir(working_folder)

    def run(*arguments: object, **options: Any) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def read_text() -> Callable[..., Page]:
    """Reads a page that is a string."""

    def read_text(text: str, page_format: Any = "markdown", title: str | None = "Lesson") -> Page:
        (page,) = read(Source(name=f"page.{page_format}", text=text, format=page_format, title=title))
        return page

    return read_text


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """A site on loopback without a page, and an empty cache."""
    monkeypatch.setenv("ANKIEXPORT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")  # not longer: while it is open, asyncio takes the tests to run in its event loop
def chromium() -> Iterator[Any]:
    """A browser that Playwright drives."""
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not here: pip install 'ankiexport[test]'")
    command = next(system_browsers(), None)
    if command is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def printing_browser(tmp_path_factory: pytest.TempPathFactory) -> None:
    """That a .pdf can be printed here."""
    for name in ("playwright", "pypdf"):
        pytest.importorskip(name, reason=f"{name} is not here: pip install 'ankiexport[test]'")
    page = tmp_path_factory.mktemp("blank") / "blank.html"
    page.write_text("<!doctype html>", "utf-8")
    try:
        print_page(page, "1", page.with_suffix(".pdf"), seconds=60)
    except AnkiExportError as error:
        pytest.skip(f"{NO_BROWSER} ({error})")


@pytest.fixture
def tab(chromium: Any) -> Iterator[Tab]:
    """A tab; whatever a test did in it, the console stayed empty and no request left."""
    with tab_of(chromium) as tab:
        yield tab
        assert tab.told == [] and tab.left == []


@pytest.fixture
def preview(run: Callable[..., Result]) -> Callable[..., Path]:
    """Writes the preview of pages by the command, into the working folder."""

    def preview(*paths: Path) -> Path:
        result = run("preview", *paths)
        assert result.exit_code == 0, result.output
        return Path("preview.html").resolve()

    return preview


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """The folder of a small course."""
    return write_astronomy(tmp_path / "sky")


@pytest.fixture
def opened(tab: Tab, preview: Callable[..., Path], pages: Path) -> Tab:
    """A tab in which the preview of that course is open."""
    return tab.open(preview(pages))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    """An empty collection of real Anki."""
    pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    from anki.collection import Collection

    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


@pytest.fixture
def import_into_anki(collection: Any) -> Callable[[Path], tuple[Any, Any]]:
    """Imports a package into the collection; gives the collection and Anki's own log of the import."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    def import_into_anki(package: Path) -> tuple[Any, Any]:
        options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=False)
        reply = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        return collection, reply.log

    return import_into_anki


@pytest.fixture(params=["newest", *OLD_ANKIS])
def anki(request: pytest.FixtureRequest, root: Path) -> Callable[..., Any]:
    """Takes steps in a throwaway collection of one version of Anki; gives what each step gave."""
    interpreter = Path(sys.executable)
    if request.param == "newest":
        pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    else:
        folder = f".anki/{request.param}"
        interpreter = root / folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        install = f"python3 -m pip --python {folder}/bin/python install anki=={request.param}"
        if not interpreter.exists():
            pytest.skip(f"this Anki is not here: python3 -m venv --without-pip {folder} && {install}")

    def steps(*steps: object) -> Any:
        command = [interpreter, root / "tests" / "anki_steps.py", json.dumps(steps, default=str)]
        run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)})
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout.splitlines()[-1])

    return steps


@pytest.fixture
def day(monkeypatch):
    """Sets the day of the builds."""

    def day(number):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY_ONE + (number - 1) * DAY))

    day(1)
    return day


@pytest.fixture
def sky(tmp_path, day):
    """A folder of two lessons whose files and titles are in another order than their keys."""
    folder = tmp_path / "sky"
    write_page(folder / "1.md", "Sun", *SUN)
    write_page(folder / "2.md", "Moon", *MOON)
    return folder


@pytest.fixture
def lock(sky, run):
    """The lock of the two lessons after their first build, which wrote sky.apkg."""
    assert run("build", sky).exit_code == 0
    return sky / "ankiexport.lock"


@pytest.fixture
def deck(lock):
    return Path("sky.apkg").resolve()
