"""What to do about each pattern: a title, how its cost was estimated, and text ready to paste."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.analysis.findings import calls, course, waiting
from core.analysis.findings.pasting import allowing, denying
from core.analysis.findings.sighting import Advice, Detector


@dataclass(frozen=True, slots=True)
class Facts:
    """What a title and an advice are filled in with."""

    subject: str
    count: int
    conversations: int
    note: str
    hint: str
    project: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One detector and what is said about what it finds."""

    name: str
    find: Detector | None  # in some turns; None: it lasts, see `core.analysis.findings.lasting`
    advice: Advice
    least: int  # times in all, below which nothing is said
    title: Callable[[Facts], str]
    basis: str  # how time and tokens were estimated
    act: Callable[[Facts], str]  # ready to paste, or what to do
    habit: bool = False  # of the person, wherever they work: one finding for all projects


def _denied(facts: Facts) -> str:
    allow, deny = allowing(facts.subject), denying(facts.subject)
    told = [
        f"settings.json, if it may run: {allow}"
        if allow
        else "It can do too much to be allowed once and for all: agree to it call by call.",
        f"If it never may: {deny}" if deny else "",
        "" if allow else f"CLAUDE.md: Before {facts.subject} say what it will do, and why.",
    ]
    return " ".join(one for one in told if one)


def _held_up(facts: Facts) -> str:
    allow = allowing(facts.subject)
    if allow:
        return f"settings.json: {allow}"
    return "Turn on a notification for permissions: this is too much to allow once and for all."


def _failed(facts: Facts) -> str:
    program, _, said = facts.subject.partition(": ")
    name = "The shell" if program == calls.SHELL else f"`{program}`"
    return f"{name} failed {_times(facts.count)} with “{said}”"


def _failing(facts: Facts) -> str:
    program, _, said = facts.subject.partition(": ")
    if program == calls.SHELL:
        return f"Mend the shell that the agent starts: it says “{said}” before any command runs."
    instead = f" What works here: `{facts.hint}`." if facts.hint else ""
    return f"CLAUDE.md: `{program}` fails here with “{said}”.{instead} Do not try it as it is."


def _substitute(facts: Facts) -> str:
    program, _, tool = facts.subject.partition(" → ")
    return f"CLAUDE.md: Use the {tool} tool instead of `{program}` in the shell."


def _smaller(facts: Facts) -> str:
    if facts.hint == "BashOutput":
        return (
            "CLAUDE.md: Start a command in the background with its output in a file "
            "(`… > /tmp/run.log 2>&1`), and look at its end: `tail -n 50 /tmp/run.log`."
        )
    if facts.hint == "Bash":
        return (
            f"CLAUDE.md: `{facts.subject}` prints a lot. Send its output to a file and look at "
            f"the part that is needed: `… > /tmp/out.txt 2>&1; tail -n 50 /tmp/out.txt`."
        )
    if facts.hint == "Read":
        path = facts.subject.removeprefix("Read ")
        return f"CLAUDE.md: `{path}` is long. Search in it first, then read with offset and limit."
    return f"CLAUDE.md: Ask `{facts.subject}` for less: a narrower pattern, a limit, a path."


def _check(facts: Facts) -> str:
    command = facts.hint or "the project's tests"
    return f"CLAUDE.md: After the last edit of a task run `{command}` and mend what it finds."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


RULES: Final = (
    Rule(
        "failing-command", calls.failing_commands, Advice.ALTERNATIVE, 3,
        _failed,
        "Time from each failed call to the next step, at most 5 minutes; tokens of the command "
        "and its output (letters / 4).",
        _failing,
    ),
    Rule(
        "loop", course.loops, Advice.PATTERN, 2,
        lambda f: f"The same failing call was repeated {_times(f.count)}: {f.subject}",
        "Time from the first to the last of the calls; tokens of the repeats (letters / 4).",
        lambda f: f"CLAUDE.md: When `{f.subject.partition(': ')[2]}` fails twice in the same way, "
        "stop, say why, and ask.",
    ),
    Rule(
        "missed-edit", calls.missed_edits, Advice.PATTERN, 5,
        lambda f: f"{f.count} edits did not match their file",
        "Time from each refused edit to the next step, at most 5 minutes; tokens of the edit and "
        "the answer (letters / 4).",
        lambda _: "CLAUDE.md: Read the lines around an edit right before it, and copy the old text "
        "from there. After a formatter has run, read the file again.",
    ),
    Rule(
        "reread", None, Advice.OPTIMISATION, 3,
        lambda f: f"The same lines of {f.subject} were read again {_times(f.count)}",
        "Tokens of every reading but the first (letters / 4); nothing was written to the file "
        "between them, and no compaction lay between.",
        lambda f: f"CLAUDE.md: a few lines on what `{f.subject}` holds and where, or "
        f"`@{f.subject}` in the first prompt, so that it is read once.",
    ),
    Rule(
        "shell-search", calls.shell_searches, Advice.ALTERNATIVE, 10,
        lambda f: f"{f.count} searches went through the shell: {f.subject}",
        "Time of those that failed; tokens of what was printed beyond 8,000 letters. The "
        "agent's own tool limits its output and asks for no permission.",
        _substitute,
    ),
    Rule(
        "huge-output", calls.huge_outputs, Advice.OPTIMISATION, 2,
        lambda f: f"{f.subject} gave more than 40,000 letters, {_times(f.count)}",
        "Tokens beyond 8,000 letters of each (letters / 4). They stay in the context, and are "
        "read again by every later reply; that is not counted.",
        _smaller,
    ),
    Rule(
        "sleep", calls.sleeping, Advice.PATTERN, 3,
        lambda f: f"{f.count} commands slept in the foreground",
        "The seconds that the commands say, at most what they took.",
        lambda _: "CLAUDE.md: Do not `sleep` to wait. Run it in the background and look at its "
        "output, or wait for the condition: `until curl -sf localhost:PORT; do sleep 1; done`.",
    ),
    Rule(
        "denied", waiting.denied, Advice.OPTIMISATION, 2,
        lambda f: f"{f.subject} was denied {_times(f.count)}",
        "Time from each denied call to the next step, at most 5 minutes; tokens of what was "
        "asked for (letters / 4).",
        _denied,
    ),
    Rule(
        "held-up", waiting.held_up, Advice.OPTIMISATION, 2,
        lambda f: f"{f.subject} waited for a permission {_times(f.count)}",
        "Time of calls that took a minute or more, of tools that take no time themselves.",
        _held_up,
    ),
    Rule(
        "timeout", waiting.timeouts, Advice.PATTERN, 2,
        lambda f: f"`{f.subject}` ran into its time limit {_times(f.count)}",
        "Time of the calls.",
        lambda f: f"CLAUDE.md: `{f.subject}` takes longer than the limit. Run it in the "
        "background, or give it a timeout of 600000 ms.",
    ),
    Rule(
        "idle", waiting.idle, Advice.PATTERN, 2,
        lambda f: f"The agent waited for your answer a quarter of an hour or more, "
        f"{_times(f.count)}",
        "Time from question to answer, where it was under four hours.",
        lambda _: "Turn on a notification for questions, or say in the prompt what to assume: "
        "“Decide yourself, and list what you assumed.”",
        habit=True,
    ),
    Rule(
        "interrupted-agent", waiting.interrupted_agents, Advice.PATTERN, 2,
        lambda f: f"{f.count} sub-agents were stopped before they reported",
        "Time of the calls that started them; tokens that they used, cached reading left out.",
        lambda _: "CLAUDE.md: Give a sub-agent one question, a limit, and ask it to write what it "
        "has found to a file as it goes.",
        habit=True,
    ),
    Rule(
        "unverified", course.unverified, Advice.PATTERN, 3,
        lambda f: f"{f.count} turns ended with unchecked edits that you had to send back",
        "Time of the turn that put it right, at most 30 minutes.",
        _check,
    ),
    Rule(
        "compaction", None, Advice.PATTERN, 2,
        lambda f: f"The context was compacted in the middle of work, {_times(f.count)}",
        "Tokens of files that were read before and are read again in the same turn (letters / 4).",
        lambda _: "Before a large task type `/compact` or `/clear`, and let it keep a plan in a "
        "file: CLAUDE.md: Keep PLAN.md up to date; read it first after a compaction.",
        habit=True,
    ),
    Rule(
        "cold-cache", None, Advice.OPTIMISATION, 2,
        lambda f: f"{f.count} pauses emptied the cache, and the context was paid for again",
        "Tokens written to the cache again after a pause of five minutes or more.",
        lambda _: "Before a pause ask for a summary in a file, and go on with `/clear` and that "
        "file: a short context is cheap to warm up.",
        habit=True,
    ),
    Rule(
        "abandoned", None, Advice.PATTERN, 2,
        lambda f: f"{f.count} branches were left behind after a rewind",
        "Tokens used on them, cached reading left out; their time, at most 30 minutes a turn.",
        lambda _: "Begin such tasks in plan mode: what is wrong with a plan costs less to say "
        "than what is wrong with the work.",
        habit=True,
    ),
    Rule(
        "pasted", course.pasted, Advice.OPTIMISATION, 2,
        lambda f: f"{f.count} prompts had more than 20,000 letters",
        "Tokens of the prompts (letters / 4), less the first 500; of at most 100,000 letters.",
        lambda _: "Save what you would paste to a file and name it: “the log is in /tmp/run.log, "
        "look for the first error”.",
        habit=True,
    ),
    Rule(
        "api-error", waiting.failed_api, Advice.PATTERN, 5,
        lambda f: f"The API answered with an error {_times(f.count)}",
        "Not estimated: the log does not tell how long it was tried again.",
        lambda _: "Look at the first of them: a usage limit, an overload and a broken login need "
        "different answers.",
        habit=True,
    ),
)  # fmt: skip
BY_NAME: Final = {rule.name: rule for rule in RULES}
