"""What a time zone is called."""

from datetime import tzinfo

from PySide6.QtCore import QTimeZone

from desktop.look import words


def zone_name(zone: tzinfo | None) -> str:
    """Return the name of *zone*, the computer's own if None: "Europe/Berlin"."""
    if zone is not None:
        return words.one_line(str(getattr(zone, "key", zone)), 60)
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    return words.one_line(name.removeprefix("Etc/"), 60)
