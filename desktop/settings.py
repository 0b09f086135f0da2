"""What is remembered from one start to the next: frozen values in one INI file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from desktop.look.scheme import Preference

VARIABLE: Final = "CLEW_SETTINGS"  # a folder: wins over the user's own, for tests and tours

_PREFERENCES: Final[Mapping[str, Preference]] = {
    "system": "system",
    "light": "light",
    "dark": "dark",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices and the shape of the window."""

    theme: Preference = "system"
    text_scale: float = 1.0
    roots: tuple[Path, ...] = ()  # folders that are followed from the start on
    geometry: QByteArray = field(default_factory=QByteArray)
    panes: tuple[int, ...] = ()  # widths of list, transcript and inspector
    inspector: bool = True
    drawer: int = 0  # height of the drawer of data health
    sort: str = "recent"
    by_project: bool = False
    noise: bool = False  # list what a program did for itself
    feed: bool = False  # let other tools on this computer follow the library
    feed_text: bool = False  # give them whole texts if they ask
    feed_redact: bool = True  # take secrets out of what they get
    notices: bool = False  # tell when a conversation waits for the person
    notices_pending: bool = False  # and when a tool call has had no result for long


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that the settings are in; it may not exist yet."""
    named = environment.get(VARIABLE)
    return Path(named or platformdirs.user_config_dir("clew", appauthor=False))


def load(where: Path) -> Settings:
    """Return the settings kept in folder *where*; what is missing or odd has its default."""
    kept = _store(where)
    usual = Settings()
    geometry = kept.value("window/geometry")
    return Settings(
        theme=_PREFERENCES.get(str(kept.value("look/theme", "")), usual.theme),
        text_scale=_number(kept.value("look/text_scale"), usual.text_scale),
        roots=tuple(Path(root) for root in _texts(kept.value("library/roots"))),
        geometry=geometry if isinstance(geometry, QByteArray) else usual.geometry,
        panes=tuple(round(_number(n, 0)) for n in _texts(kept.value("window/panes"))),
        inspector=str(kept.value("window/inspector", "true")) == "true",
        drawer=round(_number(kept.value("window/drawer"), 0)),
        sort=str(kept.value("list/sort", usual.sort)),
        by_project=str(kept.value("list/by_project", "false")) == "true",
        noise=str(kept.value("list/noise", "false")) == "true",
        feed=str(kept.value("feed/on", "false")) == "true",
        feed_text=str(kept.value("feed/text", "false")) == "true",
        feed_redact=str(kept.value("feed/redact", "true")) != "false",
        notices=str(kept.value("notices/on", "false")) == "true",
        notices_pending=str(kept.value("notices/pending", "false")) == "true",
    )


def save(where: Path, settings: Settings) -> None:
    """Keep *settings* in folder *where*."""
    where.mkdir(parents=True, exist_ok=True)
    kept = _store(where)
    kept.setValue("look/theme", settings.theme)
    kept.setValue("look/text_scale", settings.text_scale)
    kept.setValue("library/roots", [str(root) for root in settings.roots])
    kept.setValue("window/geometry", settings.geometry)
    kept.setValue("window/panes", [str(width) for width in settings.panes])
    kept.setValue("window/inspector", "true" if settings.inspector else "false")
    kept.setValue("window/drawer", settings.drawer)
    kept.setValue("list/sort", settings.sort)
    kept.setValue("list/by_project", "true" if settings.by_project else "false")
    kept.setValue("list/noise", "true" if settings.noise else "false")
    kept.setValue("feed/on", "true" if settings.feed else "false")
    kept.setValue("feed/text", "true" if settings.feed_text else "false")
    kept.setValue("feed/redact", "true" if settings.feed_redact else "false")
    kept.setValue("notices/on", "true" if settings.notices else "false")
    kept.setValue("notices/pending", "true" if settings.notices_pending else "false")
    kept.sync()


def _store(where: Path) -> QSettings:
    return QSettings(str(where / "clew.ini"), QSettings.Format.IniFormat)


def _texts(value: object) -> list[str]:
    """Return what QSettings makes of a list: a list, one text, or nothing."""
    if isinstance(value, list):
        return [str(item) for item in cast("list[object]", value)]
    return [value] if isinstance(value, str) and value else []


def _number(value: object, otherwise: float) -> float:
    try:
        return float(str(value))
    except ValueError:
        return otherwise
