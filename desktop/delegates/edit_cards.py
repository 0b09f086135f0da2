"""Cards of the tools that change files: always a diff, whatever notation the log has."""

from functools import lru_cache
from typing import Final

from core.queries.transcript import CallRow
from desktop.delegates import diff, patches
from desktop.delegates.opened import Opened, failure, unknown
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_values
from desktop.models.call_arguments import short_path
from desktop.models.call_values import CONTENTS, NEW, OLD, JsonObject, listed, said
from desktop.models.calls import Fact
from desktop.models.tool_names import PATCH, canonical, icon

SHORT: Final = 24  # lines: a diff of so many is open by itself
_MOST: Final = 200  # edits of one call that are shown


@lru_cache(maxsize=128)
def changes(call: CallRow) -> diff.Diff | None:
    """Return the diff that an editing *call* made, or wanted to make; None for other calls."""
    if patch := call_values.patch(call):
        return patches.whole(patch)
    tool = canonical(call.tool)
    if icon(call.tool) != "edit" or tool == PATCH:
        return None
    values = call_values.given(call)
    if (made := diff.from_patch(call_values.detail(call).get("structuredPatch"))) is not None:
        return made
    if tool == "NotebookEdit":
        return _cell(values)
    edits = [each for key in ("edits", "changes", "replacements") for each in listed(values, key)]
    if edits:
        return diff.joined(diff.between(said(e, *OLD), said(e, *NEW)) for e in edits[:_MOST])
    return _written(tool, values)


def change_facts(made: diff.Diff) -> tuple[Fact, ...]:
    """Return how much *made* added and removed."""
    found = [Fact(f"+{words.count(made.added)}", "diff_add_fg")] if made.added else []
    if made.removed:
        found.append(Fact(f"\u2212{words.count(made.removed)}", "diff_del_fg"))
    return tuple(found)


def diff_section(made: diff.Diff, part: str = "diff", label: str = "") -> Section:
    """Return *made* with signs and, where the file's are known, line numbers in its gutter."""
    gutter: list[str] = []
    for line in made.lines:
        number = str(line.new or line.old) if made.numbered and line.sign != "@" else ""
        sign = "\u2212" if line.sign == "-" else "" if line.sign == "@" else line.sign
        gutter.append(f"{number} {sign}" if number else sign)
    text = "\n".join(line.text if line.sign != "@" or line.text else "⋯" for line in made.lines)
    signs = "".join(line.sign for line in made.lines)
    return Section(Style.DIFF, text, part, label, gutter=tuple(gutter), tints=signs)


def edit(opened: Opened) -> list[Section]:
    """Return what an edit changes, after why it failed if it did."""
    made = changes(opened.call)
    if made is None or not made.lines:
        return unknown(opened)
    return [*failure(opened), diff_section(made)]


def patch(opened: Opened) -> list[Section]:
    """Return what a patch changes, file by file."""
    found = [
        diff_section(each.changes, f"diff{number}", _about(each, opened.project))
        if each.changes.lines
        else Section(Style.QUIET, _about(each, opened.project), f"diff{number}")
        for number, each in enumerate(patches.parsed(call_values.patch(opened.call))[:_MOST])
    ]
    return [*failure(opened), *found] if found else unknown(opened)


def _about(each: patches.Patched, project: str) -> str:
    path = short_path(each.path, project)
    patterns = {
        "Add": translate("cards", "{0}, new"),
        "Delete": translate("cards", "{0}, deleted"),
    }
    found = patterns.get(each.action, "{0}").format(path)
    return f"{found} → {short_path(each.moved, project)}" if each.moved else found


def _written(tool: str, values: JsonObject) -> diff.Diff | None:
    """Return what a call changes that names the old and the new text, or the new one alone."""
    old, new = said(values, *OLD), said(values, *NEW)
    if old or new:
        return diff.between(old, new)
    text = said(values, "diff", *CONTENTS)
    if (asked := patches.blocks(text)) is not None:
        return asked
    return diff.added(text) if text and (tool == "Write" or not said(values, "diff")) else None


def _cell(values: JsonObject) -> diff.Diff:
    """Return the new text of a notebook's cell; the log does not tell the old one."""
    return diff.of_lines(diff.added(said(values, "new_source", "content")).lines, numbered=False)
