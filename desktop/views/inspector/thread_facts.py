"""The measures of a conversation's threads, each with its definition at hand."""

from core.queries.threads import CutRow
from core.threads.woven import Measures
from desktop.look import words
from desktop.look.words import translate
from desktop.models import thread_words
from desktop.views.inspector.facts import Facts


def thread_facts(found: Measures, cuts: tuple[CutRow, ...]) -> Facts:
    """Return the *found* measures, and what the *cuts* of the conversation are."""
    facts = Facts()
    facts.add(
        translate("inspector", "Threads"),
        words.count(found.threads),
        translate(
            "inspector",
            "Stretches about one thing, on the main line and on branches. Where they begin is a "
            "guess; each says why.",
        ),
    )
    facts.add(
        translate("inspector", "Length"),
        translate("inspector", "{0} messages, {1} on average").format(
            _figure(found.median_messages), _figure(found.mean_messages)
        ),
        translate("inspector", "Messages of a thread: the median, then the mean."),
    )
    if found.median_active_ms:
        facts.add(
            translate("inspector", "Active"),
            words.duration(round(found.median_active_ms)),
            translate(
                "inspector",
                "From each prompt to the last thing that followed it, added up over a thread: "
                "pauses before a prompt do not count. The median; the mean is {0}.",
            ).format(words.duration(round(found.mean_active_ms))),
        )
    if found.coherence is not None and found.across is not None:
        facts.add(
            translate("inspector", "Coherence"),
            translate("inspector", "{0} inside, {1} across").format(
                _share(found.coherence), _share(found.across)
            ),
            _baseline(found),
        )
    facts.add(
        translate("inspector", "Ties"),
        translate("inspector", "{0} for 100 messages").format(_figure(100 * found.density)),
        translate(
            "inspector",
            "Guessed references and threads taken up again, for each 100 messages. Replies and "
            "results, which the log records, do not count.",
        ),
    )
    by_kind = {cut.kind: 0 for cut in cuts}
    for cut in cuts:
        by_kind[cut.kind] += 1
    said = ", ".join(
        f"{thread_words.switch(kind).lower()} {words.count(many)}" for kind, many in by_kind.items()
    )
    facts.add(
        translate("inspector", "Begin with"),
        said,
        translate("inspector", "What weighed most where a thread begins, and how often."),
    )
    return facts


def _baseline(found: Measures) -> str:
    said = translate(
        "inspector",
        "How alike the words of two turns next to each other are, from 0 to 1: the mean inside "
        "of threads, then where one ends.",
    )
    if found.baseline is not None:
        said += " " + translate("inspector", "Cuts at random would have {0} on both sides.").format(
            _share(found.baseline)
        )
    return said


def _share(value: float) -> str:
    return f"{value:.2f}"


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
