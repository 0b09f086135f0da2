"""`clew diagnostics`: what Clew runs on, how the library is set and how it does; and its upkeep."""

import argparse
import sys
from contextlib import closing

from core.doors.printing import tell
from core.doors.terminating import OnTerminate
from core.events import EngineEvent, UpkeepFinished, UpkeepProgressed
from core.monitoring.report import Writing, as_json, plans, report, told_by
from core.monitoring.sampling import sample
from core.monitoring.upkeep import Task, Upkeep
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate
from core.store.readers import Readers

_TOLD = {
    Task.OPTIMISE: "count statistics anew, merge the full-text index, free what is empty",
    Task.CHECK: "check that everything is sound",
    Task.REINDEX: "make the full-text index anew from the texts",
    Task.COMPACT: "give free pages back to the disk",
}


def arguments(one: argparse.ArgumentParser) -> None:
    """Let the door do upkeep first, and explain every query."""
    for task, said in _TOLD.items():
        one.add_argument(
            f"--{task}", dest="tasks", action="append_const", const=task, help=f"first {said}"
        )
    one.add_argument("--plans", action="store_true", help="also how every query is run")


def run(options: argparse.Namespace) -> int:
    """Do the upkeep that is asked for, then tell; the exit code is 1 if something is not sound."""
    open_reader(options.library).close()  # there has to be one: a writer would make it
    tasks: list[Task] = options.tasks or []
    ended: list[UpkeepFinished] = []
    ours = Writing()
    if tasks:
        with closing(open_writer(options.library, what="diagnostics")) as db:
            migrate(db, options.library)
            for task in tasks:
                _keep_up(Upkeep(db, task, _Heard(ended)))
            db.checkpoints.run("TRUNCATE")
            ours = told_by(db)()
    readers = Readers(options.library)
    with closing(readers.keep()) as db:
        seen = sample(options.library, reads=readers.facts())
        told = report(db, readers, seen, ours)
        explained = plans(db) if options.plans else {}
    out = as_json(told)
    if explained:
        out["plans"] = explained
    out["upkeep"] = [
        {
            "task": one.task, "sound": one.sound, "cancelled": one.cancelled,
            "trouble": one.trouble, "found": one.found, "seconds": round(one.seconds, 3),
        }
        for one in ended
    ]  # fmt: skip
    lines = [f"{name}: {value}" for name, value in (*told.versions, *told.reader)]
    lines += [
        f"library: {seen.library} bytes; write-ahead log: {seen.wal} bytes",
        f"free on the disk: {seen.free} bytes; memory: {seen.memory} bytes",
    ]
    lines += [f"warning: {one.subject}: {one.value} (limit {one.limit})" for one in told.alerts]
    lines += [f"{name}: {' | '.join(steps)}" for name, steps in explained.items()]
    lines += [f"{one.task}: {line}" for one in ended for line in (*one.found, _end(one))]
    tell(options, out, lines)
    return 0 if all(one.sound and not one.cancelled for one in ended) else 1


class _Heard:
    """Takes the news of an upkeep: how far it is goes to standard error."""

    def __init__(self, ended: list[UpkeepFinished]) -> None:
        self._ended = ended
        self._doing = ""

    def __call__(self, event: EngineEvent, /) -> None:
        match event:
            case UpkeepProgressed(_, doing, _, _) if doing != self._doing:
                self._doing = doing
                print(f"clew: {doing} …", file=sys.stderr)
            case UpkeepFinished():
                self._ended.append(event)
            case _:
                pass


def _keep_up(upkeep: Upkeep) -> None:
    with OnTerminate(upkeep.cancel):
        while upkeep.step():
            pass


def _end(event: UpkeepFinished) -> str:
    if event.cancelled:
        return "stopped; what was done is kept"
    return event.trouble or f"done in {event.seconds:.1f} s"
