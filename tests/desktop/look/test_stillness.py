"""Nothing is collected while Qt walks over the widgets."""

import gc

from desktop.look.stillness import stillness


def test_the_collector_is_held_off_and_let_go_again() -> None:
    assert gc.isenabled()
    with stillness():
        assert not gc.isenabled()
        with stillness():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
