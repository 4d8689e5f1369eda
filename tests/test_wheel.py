"""The wheel as people install it: built, installed on its own, and run as a process."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PAGE = "# Up\n\n**1.** Which way is up?\n\n<details><summary>Answer</summary>\n\nAway from the ground.\n\n</details>\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, root):
    for needed in ("build", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not here: pip install 'ankiexport[test]'")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    arguments = ["install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel]
    own_pip = [sys.executable, "-m", "pip"]
    # A virtual environment may be made without a pip of its own, as in the README.
    base_pip = [getattr(sys, "_base_executable", sys.executable), "-m", "pip", "--python", sys.executable]
    for pip in (own_pip, base_pip):
        done = subprocess.run([*pip, *arguments], capture_output=True, text=True)
        if done.returncode == 0:
            return folder
        assert "No module named pip" in done.stderr, done.stderr
    pytest.skip("pip is not here: python -m ensurepip")


@pytest.fixture
def ankiexport(installed, tmp_path):
    """Runs the installed command in an empty folder."""
    script = next(path for path in (installed / "bin").iterdir() if path.stem == "ankiexport")
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def ankiexport(*arguments, cwd=tmp_path):
        command = [str(script), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=cwd)

    return ankiexport


def test_wheel_holds_the_package_with_its_data_and_nothing_else(wheel, root):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    here = {
        path.relative_to(root).as_posix()
        for path in (root / "ankiexport").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == here
    assert {"ankiexport/py.typed", "ankiexport/templates/card.css", "ankiexport/data/words.toml"} <= names


def test_wheel_does_not_need_anki(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    needed = [line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert needed
    assert not any(line.split()[1].startswith(("anki>", "anki=", "anki;", "aqt")) for line in needed)


def test_installed_command_is_the_installed_package(ankiexport, installed):
    done = ankiexport("--version")
    assert done.returncode == 0, done.stderr
    where = [sys.executable, "-c", "import ankiexport; print(ankiexport.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    shown = subprocess.run(where, capture_output=True, text=True, env=environment, cwd=installed)
    assert Path(shown.stdout.strip()).is_relative_to(installed)


def test_installed_command_builds_a_deck(ankiexport, tmp_path):
    (tmp_path / "up.md").write_text(PAGE, "utf-8")
    done = ankiexport("build", "--course", "Ways", "up.md")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert zipfile.is_zipfile(tmp_path / "ways.apkg")


@pytest.mark.parametrize("verb", ["build", "list", "check"])
def test_installed_command_ends_in_one_line_when_a_page_is_missing(ankiexport, verb):
    done = ankiexport(verb, "missing.md")
    assert done.returncode == 4
    assert done.stderr.splitlines() == ["ankiexport: missing.md: no such file or folder"]
