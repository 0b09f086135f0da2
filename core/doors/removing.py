"""`clew remove`, `clew removed`, `clew restore-removed`: what is old goes, and comes back."""

import argparse
import re
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Final

from core import removal
from core.doors.printing import tell
from core.events import RemovalFinished
from core.pricing import priced_writer
from core.queries import removals
from core.queries.export import moment
from core.queries.removals import DAYS_KEPT, OldRow, RemovedRow
from core.removal import LEAST_DAYS, Forget, Plan, Removed, TakeBack
from core.store.connection import WritingConnection, open_reader, open_writer
from core.store.migrate import migrate

_AGE: Final = re.compile(r"([0-9]{1,5})d?")
_ALL: Final = "all"


def add(one: argparse.ArgumentParser) -> None:
    """Let the door take an age, a project, and how far to go."""
    one.add_argument(
        "--older-than",
        required=True,
        type=_days,
        metavar="DAYS",
        help="remove conversations in which nothing was said for so many days, such as 365d",
    )
    one.add_argument(
        "--project", default="", metavar="FOLDER", help="of this project only, or its last part"
    )
    one.add_argument("--dry-run", action="store_true", help="tell what would go, and do nothing")
    one.add_argument(
        "--even-without-logs",
        action="store_true",
        help="also conversations that are not all in logs on the disk any more: what the library "
        "has of them may be all there is",
    )


def add_removed(one: argparse.ArgumentParser) -> None:
    """Let the door take what is to be deleted for good."""
    one.add_argument(
        "--delete-for-good",
        nargs="+",
        default=[],
        metavar="ID",
        help="removals, by the number in front, or all: now, and for ever",
    )


def add_restored(one: argparse.ArgumentParser) -> None:
    """Let the door take what is to come back."""
    one.add_argument(
        "ids", nargs="+", metavar="ID", help="removals, as `clew removed` has them, or all"
    )


def remove(options: argparse.Namespace) -> int:
    """Tell what an order takes, and do it unless that was all."""
    plan, ended = _planned(options) if options.dry_run else _removed(options)
    out = {
        "dry_run": options.dry_run,
        "with_logs": _numbers(plan, plan.rows),
        "without_logs": _numbers(plan, plan.alone),
        "undated": plan.undated,
        "removed": 0 if ended is None else ended.conversations,
        "stayed": 0 if ended is None else ended.unmet,
        "conversations": [_old(row, alone=row in plan.alone) for row in (*plan.rows, *plan.alone)],
    }
    tell(options, out, [*_plan(plan), *_done(plan, ended, options)])
    return _code(ended)


def _planned(options: argparse.Namespace) -> tuple[Plan, None]:
    with closing(open_reader(options.library)) as db:
        return removal.plan(db, options.older_than, _now(), options.project), None


def _removed(options: argparse.Namespace) -> tuple[Plan, RemovalFinished]:
    with _writing(options, "remove") as db:
        plan = removal.plan(db, options.older_than, _now(), options.project)
        return plan, removal.performed(db, plan.order(alone=options.even_without_logs))


def listed(options: argparse.Namespace) -> int:
    """List what was removed; delete some of it for good if that is asked for."""
    ended = None
    if options.delete_for_good:
        with _writing(options, "removed") as db:
            chosen = _chosen(removals.removed(db), options.delete_for_good)
            if chosen is None:
                return 1
            ended = removal.performed(db, Forget(chosen)) if chosen else None
    with closing(open_reader(options.library)) as db:
        found = removal.removed(db, _now())
    lines = [_line(row, found) for row in found.rows] or ["Nothing is removed."]
    if found.rows and found.copies:
        said = "These copies, made before the library was changed for a new version, may hold it:"
        lines += [said, *(f"    {path}" for path in found.copies)]
    tell(options, [_told(row, found) for row in found.rows], lines)
    return _code(ended)


def restore(options: argparse.Namespace) -> int:
    """Take removals back."""
    with _writing(options, "restore-removed") as db:
        rows = removals.removed(db)
        chosen = _chosen([row for row in rows if row.gone_at is None], options.ids, rows)
        if chosen is None:
            return 1
        ended = removal.performed(db, TakeBack(chosen))
        priced_writer(db, options.library)  # prices may be others than they were then
    lines = [f"{_many(ended.conversations)} taken back, as before."]
    if ended.unmet:
        lines.append(f"{_many(ended.unmet)} deleted for good before: only logs can be read again.")
    lines.append("What is new in their logs is read by the next import.")
    tell(options, {"restored": ended.conversations, "gone_for_good": ended.unmet}, lines)
    return _code(ended)


@contextmanager
def _writing(options: argparse.Namespace, what: str) -> Generator[WritingConnection]:
    open_reader(options.library).close()  # there has to be one: a writer would make it
    with closing(open_writer(options.library, what=what)) as db:
        migrate(db, options.library)
        yield db


def _days(said: str) -> int:
    found = _AGE.fullmatch(said)
    days = int(found[1]) if found else 0
    if days < LEAST_DAYS:
        raise argparse.ArgumentTypeError(f"{said!r} is no number of days, such as 365d")
    return days


def _now() -> int:
    return round(time.time() * 1000)


def _chosen(
    rows: Sequence[RemovedRow], said: Sequence[str], known: Sequence[RemovedRow] = ()
) -> tuple[int, ...] | None:
    """Return the removals that are meant by *said*: "all" of *rows*, or any that are *known*."""
    if _ALL in said:
        return tuple(row.id for row in rows if row.gone_at is None)
    ids = {str(row.id): row.id for row in known or rows}
    for one in said:
        if one not in ids:
            print(f"clew: There is no removal {one}; `clew removed` tells what.", file=sys.stderr)
            return None
    return tuple(ids[one] for one in dict.fromkeys(said))


def _numbers(plan: Plan, rows: Sequence[OldRow]) -> dict[str, int]:
    weight = plan.weight if rows is plan.rows else plan.weight_alone
    return {
        "conversations": len(rows),
        "messages": sum(row.messages for row in rows),
        "text_bytes": weight.texts,
        "archive_bytes": weight.archive,
    }


def _plan(plan: Plan) -> list[str]:
    lines = [_sum("whose logs are on the disk", _numbers(plan, plan.rows))]
    if plan.alone:
        said = "NOT all in logs on the disk any more: the library may be all there is"
        lines.append(_sum(said, _numbers(plan, plan.alone)))
        lines += [
            f"    {moment(row.ended_at)}  {row.messages:6}  {row.title}" for row in plan.alone
        ]
    if plan.undated:
        lines.append(f"{_many(plan.undated)} without any date: of no age, and left.")
    return lines


def _many(number: int, thing: str = "conversation") -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _sum(said: str, found: dict[str, int]) -> str:
    return (
        f"{_many(found['conversations'])} {said}: {_many(found['messages'], 'message')}, "
        f"{found['text_bytes']:,} bytes of texts, {found['archive_bytes']:,} bytes in the archive."
    )


def _done(plan: Plan, ended: RemovalFinished | None, options: argparse.Namespace) -> list[str]:
    if ended is None:
        return ["Nothing was removed: this was a dry run."]
    said = (
        f"{_many(ended.conversations)} removed. What is removed can be taken back for "
        f"{DAYS_KEPT} days with `clew restore-removed`. After that it is deleted for good the "
        "next time the window is open, or by `clew removed --delete-for-good`."
    )
    lines = [said]
    if ended.unmet:
        lines.append(f"{_many(ended.unmet)} stayed: changed since, or without all its logs now.")
    if plan.alone and not options.even_without_logs:
        lines.append("Those not all in logs stay; --even-without-logs removes them too.")
    return lines


def _old(row: OldRow, *, alone: bool) -> dict[str, object]:
    return {
        "id": row.key, "title": row.title, "project": row.project, "messages": row.messages,
        "ended_at": moment(row.ended_at), "logs_on_disk": not alone,
    }  # fmt: skip


def _line(row: RemovedRow, found: Removed) -> str:
    if row.gone_at is not None:
        return f"{row.id:5}  gone for good; its log is not read any more: {row.log}"
    left = f"until {moment(row.until)}"
    if row.id in found.due:
        left = "until the window is open next"
    if row.id in found.kept:
        left = "until you delete it for good"
    lost = row.alone or row.id in found.kept
    alone = "  (not all in logs on the disk)" if lost else ""
    return f"{row.id:5}  {left}  {row.messages:6} messages  {row.title}{alone}"


def _told(row: RemovedRow, found: Removed) -> dict[str, object]:
    return {
        "removal": row.id, "id": row.key, "title": row.title, "project": row.project,
        "messages": row.messages, "ended_at": moment(row.ended_at),
        "removed_at": moment(row.removed_at), "without_logs": row.alone, "bytes": row.bytes,
        "kept_without_logs": row.id in found.kept,
        "until": None if row.gone_at is not None else moment(row.until),
        "gone_at": moment(row.gone_at), "log": row.log,
    }  # fmt: skip


def _code(ended: RemovalFinished | None) -> int:
    if ended is not None and ended.trouble:
        print(f"clew: {ended.trouble}", file=sys.stderr)
        return 1
    return 0
