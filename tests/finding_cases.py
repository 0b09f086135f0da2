"""For each pattern a conversation that has it and one that looks like it and has not."""

from collections.abc import Callable
from typing import TypeAlias

from core.analysis.material import Spot, Turn
from core.model import Outcome
from tests.tooluse import SECOND, Conversation, call, conversation, edit, read, spent, turn, used

FAILED, DENIED, STOPPED = Outcome.ERROR, Outcome.DENIED, Outcome.INTERRUPTED
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
SPOT = Spot(9_999_999, "mark")


Case: TypeAlias = tuple[
    str, Callable[[], Conversation], Callable[[], Conversation]
]  # its detector's name
MISSING = "Exit code 1\nerror: unrecognized subcommand 'bun'"


def _compacted(n: int) -> Turn:
    first = read(f"/again{n}", size=8_000)
    mark = Spot(read().id, "mark")
    return turn(first, read(f"/again{n}", size=8_000), compactions=(mark,))


CASES: tuple[Case, ...] = (
    (
        "failing-command",
        lambda: conversation(
            turn(*(call("Bash", f"rtk bun run t{n}", FAILED, result=MISSING) for n in "abc"))
        ),
        # Tests that fail do their work.
        lambda: conversation(
            turn(
                *(call("Bash", "pytest -q", FAILED, result="E  AssertionError: no") for _ in "abc")
            )
        ),
    ),
    (
        "loop",
        lambda: conversation(
            turn(*(call("Bash", "make x", FAILED, result="no") for _ in range(3)))
        ),
        lambda: conversation(
            turn(*(call("Bash", f"make {n}", FAILED, result="no") for n in range(3)))
        ),
    ),
    (
        "missed-edit",
        lambda: conversation(
            turn(
                *(
                    edit(outcome=FAILED, result="String to replace not found in file.")
                    for _ in range(5)
                )
            )
        ),
        lambda: conversation(
            turn(*(edit(outcome=FAILED, result="Permission denied") for _ in range(5)))
        ),
    ),
    (
        "reread",
        lambda: conversation(turn(*(read(size=4000) for _ in range(4)))),
        lambda: conversation(turn(read(), edit(), read(), edit(), read(), edit(), read())),
    ),
    (
        "shell-search",
        lambda: conversation(
            turn(call("Grep", {"pattern": "x"}), *(call("Bash", "grep -r x .") for _ in range(10)))
        ),
        # Nothing else is there to search with.
        lambda: conversation(turn(*(call("Bash", "grep -r x .") for _ in range(10)))),
    ),
    (
        "huge-output",
        lambda: conversation(turn(*(call("Bash", "npm ls", size=90_000) for _ in range(2)))),
        lambda: conversation(turn(*(call("Bash", "npm ls", size=9_000) for _ in range(2)))),
    ),
    (
        "sleep",
        lambda: conversation(turn(*(call("Bash", "sleep 60", took=MINUTE) for _ in range(3)))),
        lambda: conversation(turn(*(call("Bash", "sleep 2") for _ in range(3)))),
    ),
    (
        "denied",
        lambda: conversation(turn(*(call("Bash", "git push", DENIED) for _ in range(2)))),
        lambda: conversation(turn(call("Bash", "git push", DENIED), call("Bash", "rm x", DENIED))),
    ),
    (
        "held-up",
        lambda: conversation(turn(*(edit(took=5 * MINUTE) for _ in range(2)))),
        lambda: conversation(turn(*(call("Bash", "make", took=5 * MINUTE) for _ in range(2)))),
    ),
    (
        "timeout",
        lambda: conversation(
            turn(
                *(
                    call("Bash", "make all", FAILED, result="Command timed out after 2m")
                    for _ in range(2)
                )
            )
        ),
        lambda: conversation(
            turn(*(call("Bash", "dig x", FAILED, result="connection timed out") for _ in range(2)))
        ),
    ),
    (
        "idle",
        lambda: conversation(
            turn(*(call("AskUserQuestion", {"question": "?"}, took=HOUR) for _ in range(2)))
        ),
        lambda: conversation(
            turn(*(call("AskUserQuestion", {"question": "?"}, took=MINUTE) for _ in range(2)))
        ),
    ),
    (
        "interrupted-agent",
        lambda: conversation(
            turn(*(call("Task", {"description": "look"}, STOPPED, starts=a) for a in "ab")),
            spent=(spent(0, given=500, lane="a"),),
        ),
        lambda: conversation(
            turn(*(call("Task", {"description": "look"}, starts=a) for a in "ab"))
        ),
    ),
    (
        "unverified",
        lambda: conversation(*(turn(edit(at=n), said="that is wrong", at=n) for n in range(4))),
        lambda: conversation(
            *(
                turn(edit(at=n), call("Bash", "npm test"), said="that is wrong", at=n)
                for n in range(4)
            )
        ),
    ),
    (
        "compaction",
        lambda: conversation(*(_compacted(n) for n in range(2))),
        lambda: conversation(*(turn(read(f"/{n}"), compactions=(SPOT,)) for n in range(2))),
    ),
    (
        "cold-cache",
        lambda: conversation(turn(), spent=[spent(n * HOUR, made=50_000) for n in range(3)]),
        lambda: conversation(
            turn(), spent=[spent(n * HOUR, read_=50_000, made=100) for n in range(3)]
        ),
    ),
    (
        "abandoned",
        lambda: conversation(
            *(turn(call(), branch=n, active=False, usage=used(900)) for n in (1, 2))
        ),
        lambda: conversation(*(turn(call(), branch=n) for n in (1, 2))),
    ),
    (
        "pasted",
        lambda: conversation(*(turn(said="x " * 20_000) for _ in range(2))),
        lambda: conversation(*(turn(said="x " * 2_000) for _ in range(2))),
    ),
    (
        "api-error",
        lambda: conversation(turn(failures=(SPOT,) * 5)),
        lambda: conversation(turn(failures=(SPOT,) * 2)),
    ),
)
