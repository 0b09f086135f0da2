"""Every command of the window: one table, from which menus and shortcuts are made."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from desktop.look import icons, words


@dataclass(frozen=True, slots=True)
class Command:
    """What the user can ask for, wherever he stands."""

    id: str
    menu: str  # file, edit, view, go or help
    text: str  # with "&" before its key
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    section: bool = False  # a line above it
    role: QAction.MenuRole = QAction.MenuRole.NoRole


MENUS: Final = (
    ("file", "&File"),
    ("edit", "&Edit"),
    ("view", "&View"),
    ("go", "&Go"),
    ("help", "&Help"),
)

ACTIONS: Final = (
    Command("add_folder", "file", "&Add Folder…", ("Ctrl+O",), "folder-open"),
    Command("add_files", "file", "Add &Files…", ("Ctrl+Shift+O",), "file"),
    Command("read_again", "file", "&Look for New Transcripts", ("F5",), "refresh", section=True),
    Command("health", "file", "Data &Health", ("Ctrl+J",), "shield", checkable=True),
    Command("save_log", "file", "&Save Original Log As…", section=True),
    Command("keep_logs", "file", "&Keep Original Logs", checkable=True),
    Command("remove_old", "file", "Remove &Old Conversations…"),
    Command("edit_prices", "file", "&Edit Prices…", (), "edit", section=True),
    Command("read_prices", "file", "&Read Prices Again"),
    Command("notices", "file", "&Notifications…", (), "clock", section=True),
    Command("feed", "file", "&Local Feed…", (), "plug"),
    Command("quit", "file", "&Quit", ("Ctrl+Q",), section=True, role=QAction.MenuRole.QuitRole),
    Command("undo", "edit", "&Undo", ("Ctrl+Z",), "undo"),
    Command("undo_removal", "edit", "Undo &Removal"),
    Command("copy", "edit", "&Copy", ("Ctrl+C",), "copy", section=True),
    Command("find", "edit", "&Search Everything", ("Ctrl+K",), "search", section=True),
    Command("find_in_project", "edit", "Search in This &Project", ("Ctrl+Shift+F",)),
    Command("find_here", "edit", "&Find in Conversation", ("Ctrl+F",), "find"),
    Command("next_hit", "edit", "&Next Hit", ("F3",)),
    Command("previous_hit", "edit", "&Previous Hit", ("Shift+F3",)),
    Command("library", "view", "&Library", (), "conversation"),
    Command("charts", "view", "&Charts", (), "chart"),
    Command("switch", "view", "&Switch Library and Charts", ("Ctrl+D",)),
    Command(
        "inspector", "view", "&Inspector", ("Ctrl+I",), "inspector", checkable=True, section=True
    ),
    Command("insights", "view", "Insi&ghts", ("Ctrl+Shift+I",), "thread", checkable=True),
    Command("larger", "view", "&Larger Text", ("Ctrl+=", "Ctrl++"), section=True),
    Command("smaller", "view", "S&maller Text", ("Ctrl+-",)),
    Command("normal_size", "view", "&Normal Text Size", ("Ctrl+0",)),
    Command("theme_system", "view", "Theme as the S&ystem", (), checkable=True, section=True),
    Command("theme_light", "view", "L&ight Theme", (), "sun", checkable=True),
    Command("theme_dark", "view", "&Dark Theme", (), "moon", checkable=True),
    Command("back", "go", "&Back", ("Alt+Left",), "back"),
    Command("forward", "go", "&Forward", ("Alt+Right",), "forward"),
    Command("next_pane", "go", "&Next Pane", ("F6",), section=True),
    Command("previous_pane", "go", "&Previous Pane", ("Shift+F6",)),
    Command("keys", "help", "&Keyboard Shortcuts", ("F1",), "keyboard"),
    Command("diagnostics", "help", "&Diagnostics", (), "dashboard", section=True),
    Command("about", "help", "&About Clew", (), "info", role=QAction.MenuRole.AboutRole),
)


def make(parent: QObject) -> dict[str, QAction]:
    """Return an action for every command, each a child of *parent*."""
    made: dict[str, QAction] = {}
    for command in ACTIONS:
        action = QAction(words.translate("actions", command.text), parent)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
        action.setCheckable(command.checkable)
        action.setMenuRole(command.role)
        if command.icon:
            action.setIcon(icons.icon(command.icon, "muted"))
        made[command.id] = action
    return made


def spoken(command: Command) -> str:
    """Return the command's name without the mark of its key."""
    return words.translate("actions", command.text).replace("&", "").removesuffix("…")
