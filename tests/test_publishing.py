"""The workflow in `docs/` that publishes a deck with a release: its steps are run, with a stub in place of `gh`."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from sky import MOON, SUN, packed_notes, write_page

import ankiexport

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")

# Keeps releases as folders of their files, the newest first in a list of tags.
GH = """#!/usr/bin/env bash
set -euo pipefail
echo "gh $*" >> "$RELEASES/log"
[ "$1" = release ]
case "$2" in
  list) cat "$RELEASES/tags" ;;
  view) ls "$RELEASES/$3" ;;
  download) [ "$4 $6" = "--pattern --dir" ]; mkdir -p "$7"; cp "$RELEASES/$3/$5" "$7" ;;
  upload) tag=$3; shift 3; for file; do [ "$file" = --clobber ] || cp "$file" "$RELEASES/$tag"; done ;;
  *) exit 64 ;;
esac
"""
PYTHON = '#!/usr/bin/env bash\necho "python $*" >> "$RELEASES/log"\n'


@pytest.fixture(scope="module")
def workflow(root) -> dict[Any, Any]:
    return yaml.safe_load((root / "docs" / "ankiexport.yml").read_text("utf-8"))


class Repository:
    """An author's repository of two lessons, and the releases of it."""

    def __init__(self, folder: Path, workflow: dict[Any, Any]) -> None:
        self.work, self.releases, self.bin = folder / "work", folder / "releases", folder / "bin"
        for made in (self.work, self.releases, self.bin):
            made.mkdir()
        (self.releases / "tags").touch()
        for name, text in (("gh", GH), ("python", PYTHON)):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        (self.job,) = workflow["jobs"].values()
        self.folder = folder
        write_page(self.work / "lessons" / "1.md", "Sun", *SUN)
        write_page(self.work / "lessons" / "2.md", "Moon", *MOON)
        (self.work / "lessons" / "ankiexport.toml").write_text('[course]\nname = "Sky"\nid = "sky"\n')
        self.call("git", "init", "-q", ".")

    def call(self, *command: str, expected: int = 0) -> str:
        done = subprocess.run(command, cwd=self.work, env=self.environment(), capture_output=True, text=True)
        assert done.returncode == expected, done.stderr
        return done.stdout

    def build(self, *options: str) -> None:
        """What the author does before a release."""
        self.call("ankiexport", "build", "lessons", "-o", "../own.apkg", *options)

    def commit(self) -> None:
        self.call("git", "add", "-A")
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@stats.example")
        self.call("git", *who, "commit", "-q", "--allow-empty", "-m", "Lessons")

    def environment(self, **more: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GH_"))}
        path = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), os.environ["PATH"]])
        return {**own, "PATH": path, "RELEASES": str(self.releases), **more}

    def release(self, tag: str) -> tuple[str | None, set[str]]:
        """Publishes what is committed; gives the step that failed, if one did, and the files that were attached."""
        (self.releases / tag).mkdir()
        tags = (self.releases / "tags").read_text()
        (self.releases / "tags").write_text(f"{tag}\n{tags}")
        checkout = self.folder / f"checkout-{tag}"
        self.call("git", "clone", "-q", str(self.work), str(checkout))
        given = {"github.event.release.tag_name": tag, "github.repository": "ada/sky", "github.token": "none"}
        said = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda it: given[it[1]], value)
            for name, value in self.job["env"].items()
        }
        failed = None
        for step in self.job["steps"]:
            if "run" in step:
                # as GitHub runs `shell: bash`
                command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
                done = subprocess.run(
                    command, cwd=checkout, env=self.environment(**said), capture_output=True, text=True
                )
                if done.returncode:
                    failed = step["name"]
                    self.told = done.stdout + done.stderr
                    break
        return failed, {path.name for path in (self.releases / tag).iterdir()}


@pytest.fixture
def repository(tmp_path, workflow, day):
    pytest.importorskip("anki", reason="real Anki is not here: pip install 'ankiexport[test]'")
    for needed in ("git", "bash"):
        if not shutil.which(needed):
            pytest.skip(f"{needed} is not here: apt-get install {needed}")
    repository = Repository(tmp_path, workflow)
    repository.build()
    repository.commit()
    return repository


# The file


def test_workflow_runs_when_a_release_is_published_and_may_do_nothing_but_attach_files(workflow):
    assert workflow[True] == {"release": {"types": ["published"]}}  # `on`, which YAML 1.1 takes for true
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "write"}


def test_actions_and_ankiexport_are_pinned_to_a_version(workflow):
    (job,) = workflow["jobs"].values()
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert len(used) == 2 and all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in used)
    (install,) = (step["run"] for step in job["steps"] if step.get("name") == "Install ankiexport")
    assert shlex.split(install)[-1] == f"ankiexport[verify]=={ankiexport.__version__}"


def test_no_step_lets_what_comes_from_outside_into_a_script(workflow):
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_document_shows_the_file(root):
    text = (root / "docs" / "publishing.md").read_text("utf-8")
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    assert shown == (root / "docs" / "ankiexport.yml").read_text("utf-8")


def test_token_is_given_to_no_step_but_those_that_call_gh(workflow):
    (job,) = workflow["jobs"].values()
    assert [name for name, value in job["env"].items() if "token" in value] == []
    for step in job["steps"]:
        assert ("GH_TOKEN" in step.get("env", {})) == ("gh " in step.get("run", ""))


# Its steps


def test_first_release_gets_the_deck(repository):
    assert repository.release("v1") == (None, {"course.apkg", "diff.md"})
    assert len(packed_notes(repository.releases / "v1" / "course.apkg")) == 5
    assert (repository.releases / "v1" / "diff.md").read_text() == "The first deck.\n"
    log = (repository.releases / "log").read_text().splitlines()
    assert log[0].startswith("python -m pip install ankiexport[verify]==")
    assert log[-1] == "gh release upload v1 course.apkg diff.md --clobber"


def test_next_release_tells_what_changed(repository, day):
    repository.release("v1")
    (repository.releases / "v0").mkdir()  # has no deck, and is passed over
    (repository.releases / "tags").write_text("v0\nv1\n")
    day(2)
    page = repository.work / "lessons" / "2.md"
    page.write_text(page.read_text().replace("**3.** How long is a night", "**3.** How long is one night"))
    write_page(repository.work / "lessons" / "3.md", "Stars", "Who was there?")
    repository.build()
    repository.commit()
    assert repository.release("v2") == (None, {"course.apkg", "diff.md"})
    told = (repository.releases / "v2" / "diff.md").read_text()
    assert told.startswith("**Sky**: 1 added, 1 reworded, 4 unchanged\n")
    assert "- **reworded**: How long is a night up there? → How long is one night up there?" in told


def test_release_without_a_change_is_fine(repository):
    repository.release("v1")
    assert repository.release("v2") == (None, {"course.apkg", "diff.md"})
    assert (repository.releases / "v2" / "diff.md").read_text() == "**Sky**: 5 unchanged\n"


@pytest.mark.parametrize("kept", [2, 0], ids=["a question", "all questions of a page"])
def test_lost_notes_fail_and_nothing_is_attached(repository, kept):
    repository.release("v1")
    write_page(repository.work / "lessons" / "2.md", "Moon", *MOON[:kept])
    repository.commit()
    failed, attached = repository.release("v2")
    assert (failed, attached) == ("Build the deck; fail on lost notes, and on a lock that is not up to date", set())
    assert ("ankiexport.lock: would change" if kept else "notes are gone from their pages") in repository.told


def test_lock_that_was_lost_and_made_anew_fails(repository, day):
    repository.release("v1")
    day(2)
    (repository.work / "lessons" / "ankiexport.lock").unlink()
    (repository.folder / "own.apkg").unlink()
    repository.build()
    repository.commit()
    failed, attached = repository.release("v2")
    assert (failed, attached) == ("Try the deck in Anki; fail if a learner of the last one would lose something", set())
    assert "(was the lock lost?)" in repository.told


def test_page_that_was_not_understood_fails(repository):
    key = "<details><summary>Answer</summary>\n\nA. Up.\n\nC. Right.\n\n</details>\n"
    page = f"# Ways\n\nName the way.\n\nA. North.\n\nB. South.\n\nC. East.\n\n{key}"
    (repository.work / "lessons" / "3.md").write_text(page)
    repository.build()
    repository.commit()
    failed, attached = repository.release("v1")
    assert (failed, attached) == ("Fail on what was not understood", set())
    assert "part B has no answer in the key" in repository.told


def test_last_deck_that_cannot_be_had_fails(repository):
    repository.release("v1")
    gh = repository.bin / "gh"
    gh.write_text(gh.read_text().replace('cp "$RELEASES/$3/$5" "$7"', "exit 1"))
    failed, attached = repository.release("v2")
    assert (failed, attached) == ("Fetch the deck of the last release that has one", set())
