"""Cards of the tools whose work is words: agents, questions, plans, the web."""

import re
from typing import Final

from desktop.delegates.opened import Opened, answer, unknown
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_lists, call_values
from desktop.models.call_values import JsonObject, listed, mapped, said

_MOST: Final = 20  # questions, and options of one
_SIGNS: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")  # that mean something in Markdown
_ANSWERED: Final = re.compile(r"^User (?:responded|selected|answered): ")
_CHOSEN: Final = "icon:ok:ok"
_LEFT: Final = "icon:none:faint"


def agent(opened: Opened) -> list[Section]:
    """Return what an agent was asked and what it answered."""
    asked = said(opened.given, "prompt", "message", "task", "instructions")
    about = " · ".join(
        words.one_line(part, 60)
        for part in (said(opened.given, "subagent_type"), said(opened.given, "model"))
        if part
    )
    return [
        Section(Style.QUIET, about, "about"),
        Section(Style.PROSE, asked, "prompt", translate("cards", "Asked")),
        answer(opened, Style.PROSE, translate("cards", "Answered")),
    ]


def skill(opened: Opened) -> list[Section]:
    """Return what a skill was given, which tools it may use, and what came back."""
    tools = ", ".join(call_values.texts(opened.detail, "allowedTools"))
    return [
        Section(Style.PLAIN, said(opened.given, "args", "arguments"), "args"),
        Section(Style.QUIET, tools, "tools", translate("cards", "May use") if tools else ""),
        answer(opened, Style.PROSE),
    ]


def fetched(opened: Opened) -> list[Section]:
    """Return the address, what was asked about the page, and the answer."""
    url = said(opened.given, "url", "uri", "Url")
    asked = said(opened.given, "prompt")
    return [
        Section(Style.PROSE, _link(url, url), "url"),
        Section(Style.PLAIN, asked, "prompt", translate("cards", "Asked")),
        answer(opened, Style.PROSE, translate("cards", "Answered") if url else ""),
    ]


def searched(opened: Opened) -> list[Section]:
    """Return what was looked for on the web, the pages found, and what was made of them."""
    queries = call_values.texts(opened.given, "queries") or [said(opened.given, "query")]
    asked = Section(Style.CODE, "\n".join(dict.fromkeys(queries)), "query")
    pages = call_lists.pages(opened.call)
    if not pages:
        return [asked, answer(opened, Style.PROSE)]
    links = "\n".join(f"- {_link(page.title or page.url, page.url)}" for page in pages)
    rest = Section(Style.PROSE, call_lists.without_links(opened.answer), "answer")
    label = translate("cards", "Found")
    return [asked, Section(Style.PROSE, links, "pages", label), rest]


def question(opened: Opened) -> list[Section]:
    """Return the questions with their options, and which were chosen."""
    asked = listed(opened.given, "questions")[:_MOST]
    if not asked and said(opened.given, "question"):
        asked = [opened.given]
    if not asked:
        return unknown(opened)
    answers = mapped(opened.detail.get("answers"))
    notes = mapped(opened.detail.get("annotations"))
    found: list[Section] = []
    for number, each in enumerate(asked):
        text = said(each, "question", "prompt")
        found.append(Section(Style.PLAIN, text, f"question{number}", said(each, "header")))
        alone = opened.answer if len(asked) == 1 and opened.went_well and not answers else ""
        chosen = said(answers, text) or _ANSWERED.sub("", alone)
        found += _options(each, chosen, number)
        remark = said(mapped(notes.get(text)), "notes")
        found.append(Section(Style.QUIET, remark, f"note{number}"))
    return found if answers or (len(asked) == 1 and opened.went_well) else [*found, answer(opened)]


def plan(opened: Opened) -> list[Section]:
    """Return the plan, and what became of it unless it was accepted."""
    text = said(opened.given, "plan", "response") or (opened.answer if opened.went_well else "")
    made = Section(Style.PROSE, text, "plan")
    return [made] if opened.went_well and text else [made, answer(opened)]


def _options(asked: JsonObject, chosen: str, number: int) -> list[Section]:
    options = [_option(option) for option in listed(asked, "options")[:_MOST]]
    plain = [*call_values.texts(asked, "options"), *call_values.texts(asked, "choices")]
    options += [(label, "") for label in plain[:_MOST]]
    picked = [label for label, _ in options if label in _parts(chosen, label)]
    if chosen and not picked:
        options.append((chosen, translate("cards", "in their own words") if options else ""))
        picked = [chosen]
    if not options:
        return []
    marks = tuple(_CHOSEN if label in picked else _LEFT for label, _ in options)
    lines = "\n".join(
        words.one_line(f"{label} — {about}" if about else label, 400) for label, about in options
    )
    tints = "".join(" " if label in picked or not picked else "." for label, _ in options)
    return [Section(Style.LIST, lines, f"options{number}", gutter=marks, tints=tints)]


def _option(option: JsonObject) -> tuple[str, str]:
    return said(option, "label", "value", "title"), said(option, "description")


def _parts(chosen: str, label: str) -> list[str]:
    """Return what was chosen, cut where several were; a comma may also be in *label*."""
    parts = [part.strip() for part in chosen.split(",")]
    return [*parts, chosen, label] if f", {label}," in f", {chosen}," else [*parts, chosen]


def _link(text: str, url: str) -> str:
    """Return a link in Markdown that says *text*, whatever is in it."""
    shown = _SIGNS.sub(_escaped, words.one_line(text, 300))
    if not url or any(sign in url for sign in "<>\n "):
        return shown
    return f"[{shown}](<{url}>)"


def _escaped(sign: "re.Match[str]") -> str:
    return "\\" + sign[1]
