"""The card that answers which files are read again and again."""

from functools import partial
from typing import Final

from typing_extensions import override

from core.analysis.tools_patterns import FileUse, files
from core.analysis.tools_registry import ToolClass
from core.insights import Insights
from core.queries import behind
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column
from desktop.views.charts import leads, remarks
from desktop.views.charts.asking import Answer
from desktop.views.charts.card import Card
from desktop.views.charts.leads import Goal
from desktop.views.charts.legend import Legend
from desktop.views.charts.names import folder
from desktop.views.charts.rows import Row, RowsPlot

SHOWN: Final = 12  # files with a bar of their own
AGAIN: Final = 2  # times that a file is read to be in the chart


class FilesCard(Card):
    """Bars of readings and edits, and a table of all files."""

    def __init__(self) -> None:
        self._rows_ = RowsPlot()
        self._key = Legend()
        super().__init__(
            translate("charts", "Which files are read again and again?"),
            translate(
                "charts",
                "How often tools that read and tools that edit were called for a file and went "
                "well, by the path they were given, in every lane. Two paths of one file count "
                "apart, and so does the same path in two projects. Reading through the shell is "
                "not seen.\n\nReading a file again after it changed, or after a compaction, is "
                "often right: the findings tell of readings that were not. Whole conversations "
                "that reach into the range count.",
            ),
            self._rows_,
            legend=self._key,
        )

    @override
    def show_answer(self, answer: Answer[Insights]) -> None:
        """Show the files of *answer*."""
        tally = answer.rows.part.files
        found = files(tally)
        shown = [one for one in found if one.reads >= AGAIN][:SHOWN]
        if not shown:
            remarks.say_no_pattern(
                self, answer, translate("charts", "No file was read twice in these conversations.")
            )
            return

        def goal(one: FileUse) -> Goal:
            keys = [(one.project, one.path, kind) for kind in (ToolClass.READ, ToolClass.EDIT)]
            ids = [id_ for key in keys for id_ in tally.examples(key)]
            title = translate("charts", "Readings and edits of {0}").format(
                words.one_line(one.path, 80)
            )
            ask = partial(behind.named, calls_=tuple(ids), total=one.reads + one.edits)
            return leads.calls(title, ask)

        self._rows_.show_rows(
            [
                Row(
                    _short(one),
                    ((one.reads, 0), (one.edits, 1)),
                    (words.count(one.reads), words.count(one.edits) if one.edits else ""),
                    tip(one),
                )
                for one in shown
            ],
            (translate("charts", "Read"), translate("charts", "Edited")),
        )
        self._key.show_entries(
            [(translate("charts", "Readings"), 0), (translate("charts", "Edits"), 1)]
        )
        self.fill_table(
            [
                Column(translate("charts", "File")),
                Column(translate("charts", "Read")),
                Column(translate("charts", "Edited")),
                Column(translate("charts", "Project"), words=True),
            ],
            [(one.path, one.reads, one.edits, folder(one.project)) for one in found],
            by=1,
            up=False,
        )
        self.lead([goal(one) for one in shown], [goal(one) for one in found])
        self.say(
            remarks.of_patterns(translate("charts", "Calls that went well, by file"), answer),
            translate(
                "charts", "{0} files. Most read: {1}. Arrow keys go from file to file."
            ).format(words.count(len(found)), tip(shown[0]).replace("\n", ", ")),
        )


def tip(one: FileUse) -> str:
    """Return what a bar says."""
    return translate("charts", "{0}\nin {1}\nread {2}, edited {3}").format(
        words.one_line(one.path, 300),
        folder(one.project),
        translate("charts", "{0} ×").format(words.count(one.reads)),
        translate("charts", "{0} ×").format(words.count(one.edits)),
    )


def _short(one: FileUse) -> str:
    """Return the end of the path: the file and the folder that it is in."""
    parts = one.path.replace("\\", "/").rstrip("/").rsplit("/", 2)
    return "/".join(parts[-2:])
