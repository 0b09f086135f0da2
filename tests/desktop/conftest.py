"""What every test of the window gets: nothing left over from the test before."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from core.monitoring import alerts


@pytest.fixture(autouse=True)
def what_all_tests_together_use_is_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "MOST_MEMORY", 1 << 50)


@pytest.fixture(autouse=True)
def no_widget_outlives_its_test() -> Iterator[None]:
    yield
    # A change of theme or font is told to every widget there is: leftovers make tests slow.
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
