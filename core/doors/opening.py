"""A door by its name. A command imports what it takes itself, and nothing of the others."""

from core.doors import arguments
from core.doors.door import Door


def opened(name: str) -> Door:  # noqa: C901, PLR0911, PLR0912  one case for each command
    """Return the door called *name*, which there is."""
    match name:
        case "import":
            from core.doors import importing

            return Door(importing.run, importing.add)
        case "jobs":
            from core.doors import jobs

            return Door(jobs.run, jobs.add)
        case "list":
            from core.doors import reading

            return Door(reading.run_list, arguments.nothing)
        case "show":
            from core.doors import reading

            return Door(reading.run_show, arguments.identity)
        case "search":
            from core.doors import reading

            return Door(reading.run_search, arguments.query)
        case "stats":
            from core.doors import reading

            return Door(reading.run_stats, arguments.nothing)
        case "watch":
            from core.doors import watching

            return Door(watching.run, arguments.paths)
        case "stream":
            from core.doors import streaming

            return Door(streaming.run, streaming.add)
        case "check":
            from core.doors import checking

            return Door(checking.run, arguments.nothing)
        case "diagnostics":
            from core.doors import diagnosing

            return Door(diagnosing.run, diagnosing.arguments)
        case "archive":
            from core.doors import archive

            return Door(archive.run, archive.arguments)
        case "remove":
            from core.doors import removing

            return Door(removing.remove, removing.add)
        case "removed":
            from core.doors import removing

            return Door(removing.listed, removing.add_removed)
        case "restore-removed":
            from core.doors import removing

            return Door(removing.restore, removing.add_restored)
        case "insights":
            from core.doors import insights

            return Door(insights.run, insights.arguments)
        case "analyse":
            from core.doors import analysing

            return Door(analysing.run, arguments.identity)
        case "evaluate":
            from core.doors import evaluating

            return Door(evaluating.run, evaluating.arguments)
        case _:
            raise KeyError(name)
