"""Anki's desktop app without a screen, on a profile that is thrown away: imports a deck, studies it, is looked at.

Everything waits for what it needs and for no time; what never comes is a `TimeoutError` that says what it was.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60  # seconds
_PROFILE = "User 1"

# Waits for what Anki has yet to draw, and for the browser to have painted it.
_DRAW = "window.isDrawn = false; _queueAction(() => { window.isDrawn = true; })"
_IS_DRAWN = """window.isDrawn && document.getAnimations().length == 0
&& Array.from(document.images).every((image) => image.complete)"""
_PAINT = (
    "window.isPainted = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.isPainted = true; }))"
)
_CONFIRM = "Array.from(document.querySelectorAll('button')).find((it) => it.innerText.trim() == 'Import')"


def prepare_environment(folder: Path, scale: int) -> None:
    """Keeps all that Qt, its browser and Anki write in the folder, and makes do without screen and graphics card.

    Before `aqt` is imported. `scale` is how many pixels of a picture a pixel of the card gets.
    """
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        own = folder / name.lower()
        own.mkdir(mode=0o700)
        os.environ[name] = str(own)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # which a container has no rights for
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--disable-gpu"
    os.environ["ANKI_SINGLE_INSTANCE_KEY"] = f"pictures{os.getpid()}"


class Desktop:
    """The running app."""

    def __init__(self, folder: Path) -> None:
        import aqt

        base = _make_profile(folder)
        self._app: Any = aqt._run(["anki", "-b", base, "-p", _PROFILE, "-l", "en"], exec=False)
        self.window: Any = aqt.mw
        self.wait_until(lambda: self.window.col and self.window.state == "deckBrowser", "the list of decks")

    def wait_until(self, condition: Callable[[], Any], what: str) -> None:
        """Lets the app run until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"Anki does not show {what}")
            self._app.processEvents()
            time.sleep(0.005)

    def ask(self, web: Any, script: str) -> Any:
        """What a script gives in one of the app's browsers."""
        answers: list[Any] = []
        web.evalWithCallback(script, answers.append)
        self.wait_until(lambda: answers, f"what this gives: {script[:60]}")
        return answers[0]

    def wait_until_true(self, web: Any, script: str, what: str) -> None:
        """Asks until the script gives something true; a page that is being replaced gives no answer at all."""
        answers: list[Any] = []
        asked = 0.0

        def is_true() -> bool:
            nonlocal asked
            if time.monotonic() > asked + 0.05:
                asked = time.monotonic()
                web.evalWithCallback(script, answers.append)
            return any(answers)

        self.wait_until(is_true, what)

    def import_deck(self, path: Path) -> int:
        """Imports a package through Anki's own dialog; gives the number of notes that the collection has then."""
        from aqt.import_export.import_dialog import ImportDialog
        from aqt.import_export.importing import import_file

        import_file(self.window, str(path))

        def dialogs() -> list[Any]:
            return [widget for widget in self._app.topLevelWidgets() if isinstance(widget, ImportDialog)]

        self.wait_until(dialogs, "the import dialog")
        (dialog,) = dialogs()
        self.wait_until_true(dialog.web, f"!!{_CONFIRM}", "the button that imports")
        self.ask(dialog.web, f"{_CONFIRM}.click()")
        self.wait_until(lambda: not dialog.isModal() and dialog.isVisible(), "the log of the import")
        dialog.close()
        self.window.activateWindow()  # Anki pales a window that is not at the front
        self.wait_until(lambda: self._app.activeWindow() is self.window, "its window at the front")
        return int(self.window.col.note_count())

    def study(self, deck: str) -> None:
        """Shows the first question of a deck, once the list of decks has it: the list is drawn in its own time."""
        self.wait_until_true(self.window.web, f"document.body.innerText.includes({deck!r})", f"the deck {deck}")
        self.window.col.decks.select(self.window.col.decks.id_for_name(deck))
        self.window.moveToState("review")
        self.wait_until(lambda: self.window.state == "review" and self.window.reviewer.card, "a question")
        self.wait_until_true(self.window.web, "!!document.querySelector('#qa > *')", "the first card")
        self.wait_until_true(self.window.bottomWeb, "typeof showQuestion == 'function'", "the buttons")

    def dress(self, *, night: bool, width: int, height: int) -> None:
        """Sets the app's theme and the size of its window."""
        from aqt.theme import Theme

        self.window.set_theme(Theme.DARK if night else Theme.LIGHT)
        self.window.resize(width, height)
        self.wait_until(lambda: (self.window.width(), self.window.height()) == (width, height), "its new size")

    def show_question(self) -> None:
        self.window.reviewer._showQuestion()
        self._wait_until_drawn()

    def show_answer(self, typed: str) -> None:
        """Turns the card by the key that a learner presses, after typing where the card asks for it."""
        self.ask(self.window.web, f"document.querySelectorAll('input#typeans').forEach((it) => it.value = {typed!r})")
        self.window.reviewer.onEnterKey()
        self.wait_until(lambda: self.window.reviewer.state == "answer", "an answer")
        self._wait_until_drawn()

    def next_card(self) -> bool:
        """Says that this one was easy; is there another?"""
        seen = self.window.reviewer.card.id
        self.window.reviewer._answerCard(4)
        self.wait_until(
            lambda: self.window.state != "review" or self.window.reviewer.card.id != seen, "the next card or the end"
        )
        return bool(self.window.state == "review")

    def _wait_until_drawn(self) -> None:
        self.ask(self.window.web, _DRAW)
        self.wait_until_true(self.window.web, _IS_DRAWN, "the card")
        self.ask(self.window.web, _PAINT)
        self.wait_until_true(self.window.web, "window.isPainted", "the card painted")


def _make_profile(folder: Path) -> str:
    import anki.lang
    from aqt.profiles import ProfileManager, VideoDriver

    anki.lang.set_lang("en")
    profiles = ProfileManager(ProfileManager.get_created_base_folder(str(folder / "anki")))
    profiles.setupMeta()
    profiles.create(_PROFILE)
    profiles.load(_PROFILE)
    profiles.meta.update(firstRun=False, defaultLang="en_US")
    profiles.set_update_check(False)
    profiles.set_video_driver(VideoDriver.Software)
    profiles.save()
    profiles.db.close()
    return str(folder / "anki")


def leave(status: int) -> None:
    """Ends the process without the app's farewell, which asks and waits."""
    sys.__stdout__.flush()
    sys.__stderr__.flush()
    os._exit(status)
