"""The application: builds every part, runs, and takes all of it apart in reverse."""

import asyncio
import contextlib
import logging
import logging.handlers
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final

import qasync
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from core import __version__
from core.config import Config, agent_roots, default_library
from core.store.locking import WINDOW
from core.store.readers import Readers
from core.stream.settings import Choices
from desktop import flows, settings, thrift
from desktop.look import fonts, palette, theme
from desktop.look.scheme import SystemScheme
from desktop.look.words import translate
from desktop.main_window import MainWindow
from desktop.models.waiting import Notices
from desktop.smoke import Smoke
from desktop.turn import Turn
from desktop.views.mark import window_icon
from desktop.window.ahead import Ahead
from desktop.window.feeding import Feeding
from desktop.window.notifying import Notifying
from desktop.window.parts import Parts
from desktop.window.removing import Removing
from desktop.window.summons import Summons
from desktop.window.tray import Tray
from desktop.workers.engine_thread import EngineThread
from desktop.workers.errands import Errands
from desktop.workers.query_runner import QueryRunner

log = logging.getLogger(__name__)

_LOG_BYTES: Final = 1_000_000
_LOG_FILES: Final = 3
_TURN_S: Final = 0.0002  # a thread keeps Python's lock so long while others wait for it


@dataclass(frozen=True, slots=True)
class Start:
    """What the command line asks for."""

    paths: tuple[Path, ...] = ()
    library: Path | None = None  # None: the user's own
    smoke: Path | None = None  # where to write what a first look at the window found


class Application(QObject):
    """The window and everything it works with, built by `assembled`."""

    def __init__(self, app: QApplication, scheme: SystemScheme) -> None:
        super().__init__(app)
        self._app = app
        self.scheme = scheme
        scheme.changed.connect(self.dress)

    @Slot()
    def dress(self) -> None:
        """Make everything look like the scheme that is chosen."""
        palette.apply(self._app, theme.load(self.scheme.current))

    def set_scale(self, scale: float) -> None:
        """Make all text *scale* times its normal size."""
        fonts.apply(self._app, scale)
        self.dress()  # the style sheet holds on to the font it was given


@contextlib.contextmanager
def assembled(
    app: QApplication,
    library: Path,
    kept: settings.Settings,
    *,
    roots: Callable[[], tuple[Path, ...]] = agent_roots,
    keep: Callable[[settings.Settings], None] | None = None,
) -> Generator[MainWindow]:
    """Build the window and what it works with around *library*; take it apart at the end.

    The engine has not been started: the caller does so once it listens. *keep* is given the
    settings as they are at the end.
    """
    with ExitStack() as stack:
        scheme = SystemScheme(kept.theme)
        look = Application(app, scheme)
        look.set_scale(kept.text_scale)
        stack.callback(look.deleteLater)
        feeding = Feeding(library, Choices(kept.feed_text, kept.feed_redact), on=kept.feed)
        stack.callback(feeding.deleteLater)
        engine = EngineThread(Config(library, WINDOW), also=feeding.publish)
        stack.callback(engine.shut_down)
        stack.callback(feeding.leave)
        errands = Errands("listings")
        readers = Readers(library)
        stack.callback(readers.close)
        engine.engine.readers = readers.names
        queries = QueryRunner(library, name="charts", readers=readers)
        searches = QueryRunner(library, name="search", readers=readers)
        for worker in (errands, queries, searches):
            stack.callback(worker.close)
        parts = Parts(
            engine=engine,
            queries=queries,
            searches=searches,
            errands=errands,
            scheme=scheme,
            roots=roots,
            set_scale=look.set_scale,
            version=__version__,
        )
        window = MainWindow(parts, kept)
        window.setWindowIcon(window_icon())
        feeding.connect_to(window, engine)
        Removing(parts, window)
        wanted = Notices(kept.notices, kept.notices_pending)
        notifying = Notifying(wanted, Tray(window.windowIcon(), window))
        notifying.connect_to(window, window.status, window.list, engine)
        window.conversation_shown.connect(notifying.note_shown)
        notifying.opened.connect(window.show_conversation)
        stack.callback(notifying.deleteLater)
        stack.callback(window.leave)
        stack.callback(notifying.leave)
        if keep is not None:
            stack.callback(_keep, keep, window, feeding, notifying)
        yield window


def start_engine(window: MainWindow) -> None:
    """Let the engine of *window* begin; its first news is that the library is ready."""
    window.engine.start()


def run(start: Start) -> int:
    """Show the window until the user closes it; return the exit code of the process."""
    with ExitStack() as stack:
        app = make_application(sys.argv[:1])
        where = settings.folder()
        library = start.library
        kept = settings.load(where)
        own = library is None
        if start.smoke is not None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clew-smoke-"))
            library, own, kept = Path(folder) / "library.clew", False, settings.Settings()
        library = library or default_library()
        turn = Turn(library, start.paths)
        if turn.answered:
            return 0
        if own:
            write_log(library.parent)
        else:
            # Another library has roots of its own, which nobody keeps.
            kept = replace(kept, roots=())
        keep = _saver(where) if own else None
        loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
        stack.callback(loop.close)
        window = stack.enter_context(assembled(app, library, kept, keep=keep))
        summons = Summons(library, window, window.add)
        window.engine.library_ready.connect(summons.listen)
        window.closing.connect(summons.leave)
        stack.enter_context(_reporting(window))
        closed = asyncio.Event()
        window.closing.connect(closed.set)
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows
                loop.add_signal_handler(number, window.close)
        smoke = Smoke(window, start.smoke, bool(start.paths)) if start.smoke else None
        window.library_shown.connect(thrift.set_aside)
        if smoke is None:
            window.library_shown.connect(Ahead(window, window.engine).begin)
        window.start(start.paths)
        window.show()
        turn.begin(window)
        app.setQuitOnLastWindowClosed(False)  # our own loop ends when the window says so
        # Typeshed makes nothing known of a loop that qasync, untyped, hands out.
        loop.run_until_complete(_until(closed))  # pyright: ignore[reportUnknownMemberType]  above
        return smoke.code if smoke else 0


async def _until(closed: asyncio.Event) -> None:
    await closed.wait()
    await flows.stop()


def make_application(arguments: Sequence[str]) -> QApplication:
    """Return a new application with its names and fonts."""
    # Painting lets go of the lock hundreds of times, and an import would take it each time.
    sys.setswitchinterval(_TURN_S)
    app = QApplication(list(arguments))
    app.setApplicationName("clew")
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("clew")
    fonts.apply(app)
    return app


def write_log(folder: Path) -> None:
    """Write what happens into *folder*: ids, paths and counts, never the text of a message."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            folder / "clew.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
    except OSError:
        return  # a log that cannot be written is no reason not to start
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    top = logging.getLogger()
    top.addHandler(file)
    top.setLevel(logging.INFO)


def _keep(
    keep: Callable[[settings.Settings], None],
    window: MainWindow,
    feeding: Feeding,
    notifying: Notifying,
) -> None:
    choices = feeding.choices
    try:
        keep(
            replace(
                window.settings,
                feed=feeding.on,
                feed_text=choices.full_text,
                feed_redact=choices.redact,
                notices=notifying.wanted.on,
                notices_pending=notifying.wanted.pending,
            )
        )
    except OSError as error:
        log.warning("settings were not saved: %s", error)


def _saver(where: Path) -> Callable[[settings.Settings], None]:
    def save(kept: settings.Settings) -> None:
        settings.save(where, kept)

    return save


class _Reporter(QObject):
    """Takes a bug from any thread to the window."""

    noticed = Signal(str)

    def tell(self) -> None:
        self.noticed.emit(
            translate(
                "app",
                "Something went wrong inside Clew. Your log files are untouched; "
                "the details are in clew.log beside the library.",
            )
        )


@contextlib.contextmanager
def _reporting(window: MainWindow) -> Generator[None]:
    """Log what nobody catches, on any thread, and show that it happened."""
    reporter = _Reporter(window)
    reporter.noticed.connect(window.report)
    before = sys.excepthook, threading.excepthook

    def on_error(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        log.error("a bug", exc_info=(kind, error, trace))
        if not logging.getLogger().handlers:
            before[0](kind, error, trace)
        reporter.tell()

    def on_thread_error(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            on_error(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook, threading.excepthook = on_error, on_thread_error
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
