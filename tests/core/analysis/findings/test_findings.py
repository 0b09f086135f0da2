"""Each pattern is found where it is and not where it is not, and a clean corpus has none."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.findings import pasting
from core.analysis.findings.advice import RULES
from core.analysis.findings.finding import Finding, Seen, findings, trend
from core.analysis.findings.folding import found as seen_in
from core.analysis.findings.folding import sightings
from core.analysis.findings.sighting import Sighting
from tests.finding_cases import CASES, DENIED, FAILED, MINUTE, MISSING
from tests.tooluse import SECOND, Conversation, call, conversation, edit, read, spent, turn


def found(*works: Conversation) -> list[Finding]:
    return findings(
        Seen(one.key, one.project, sighting)
        for one in works
        for sighting in sightings([seen_in(one)])
    )


def one(name: str, *works: Conversation) -> Finding:
    (finding,) = [f for f in found(*works) if f.detector == name]
    return finding


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name, bad, _ in CASES])
def test_a_pattern_is_found_where_it_is(name: str, bad: Callable[[], Conversation]) -> None:
    finding = one(name, bad())

    assert finding.title
    assert finding.act
    assert finding.basis
    assert finding.evidence


@pytest.mark.parametrize(("name", "good"), [(name, good) for name, _, good in CASES])
def test_a_pattern_is_not_found_where_it_is_not(
    name: str, good: Callable[[], Conversation]
) -> None:
    assert [f.title for f in found(good()) if f.detector == name] == []


def test_every_detector_has_a_case_that_triggers_it_and_one_that_must_not() -> None:
    assert {name for name, *_ in CASES} == {rule.name for rule in RULES}
    assert len(RULES) >= 12


def test_a_clean_corpus_has_no_findings() -> None:
    def clean(n: int) -> Conversation:
        return conversation(
            turn(
                read(f"/{n}", at=1), edit(f"/{n}", at=2), call("Bash", "npm test", at=3),
                said="add a field", at=0,
            ),
            turn(read(f"/{n}b", at=5), said="and now the page", at=4),
            spent=[spent(n * SECOND, read_=50_000, made=900) for n in range(5)],
            key=f"c{n}",
        )  # fmt: skip

    assert found(*(clean(n) for n in range(50))) == []


def test_what_was_lost_is_counted_by_hand() -> None:
    reread = one("reread", conversation(turn(*(read(size=4000, took=SECOND) for _ in range(4)))))
    sleeping = one(
        "sleep", conversation(turn(*(call("Bash", "sleep 60", took=MINUTE) for _ in range(3))))
    )

    assert (reread.count, reread.lost_tokens, reread.lost_ms) == (3, 3000, 3 * SECOND)
    assert (sleeping.lost_ms, sleeping.priority) == (3 * MINUTE, "low")


def test_a_command_that_works_instead_is_in_the_advice() -> None:
    steps = [
        one
        for n in range(3)
        for one in (
            call("Bash", f"rtk bun run t{n}", FAILED, result=MISSING),
            call("Bash", f"bun run t{n}"),
        )
    ]

    assert "`bun run t0`" in one("failing-command", conversation(turn(*steps))).act


def test_a_denied_command_gives_the_rule_that_settings_take() -> None:
    denied = one(
        "denied", conversation(turn(*(call("Bash", "npm run lint -- x", DENIED) for _ in range(2))))
    )

    assert '{"permissions": {"allow": ["Bash(npm run lint:*)"]}}' in denied.act


def test_the_costliest_comes_first_and_projects_are_told_apart() -> None:
    def sleepy(project: str, minutes: int) -> Conversation:
        return conversation(
            turn(*(call("Bash", f"sleep {minutes * 60}", took=minutes * MINUTE) for _ in range(3))),
            project=project, key=project,
        )  # fmt: skip

    first, second = found(sleepy("/small", 1), sleepy("/large", 20))

    assert (first.project, first.priority) == ("/large", "medium")
    assert (second.project, second.priority) == ("/small", "low")
    assert first.key != second.key


def test_before_and_after_are_told_apart_by_when_it_happened() -> None:
    works = [
        conversation(
            turn(*(call("Bash", "sleep 60", took=MINUTE, at=day) for _ in range(n))), key=str(day)
        )
        for day, n in ((10, 5), (20, 2))
    ]
    seen = [Seen(w.key, "/p", s) for w in works for s in sightings([seen_in(w)])]
    (finding,) = findings(seen)

    told = trend(finding, seen, 15, {"10": 11, "20": 21, "30": 31})

    assert (told.before, told.after) == (5, 2)
    assert (told.conversations_before, told.conversations_after) == (1, 2)


def test_few_cases_do_not_outrank_many_that_cost_the_same() -> None:
    def sleepy(project: str, key: str, times: int, minutes: int) -> Conversation:
        return conversation(
            turn(*(call("Bash", "sleep 600", took=minutes * MINUTE) for _ in range(times))),
            project=project, key=key,
        )  # fmt: skip

    few = [sleepy("/few", "f", 3, 10)]
    many = [sleepy("/many", f"m{n}", 5, 1) for n in range(6)]
    first, second = found(*few, *many)

    assert (first.project, first.lost_ms) == ("/many", second.lost_ms)
    assert first.confidence > 0.9
    assert second.confidence < 0.4


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ("Bash(swift build:*)", "Bash(swift build:*)"),
        ("Bash(git status:*)", "Bash(git status:*)"),
        ("Bash(rg:*)", "Bash(rg:*)"),
        ("mcp__github__list", "mcp__github__list"),
        ("Write", "Edit(./**)"),
        ("Read", "Read(./**)"),
        ("Bash", ""),
        ("Bash(rm:*)", ""),
        ("Bash(sudo apt:*)", ""),
        ("Bash(git push:*)", ""),
        ("Bash(git:*)", ""),
        ("Bash(python -m x:*)", ""),
        ("Bash(curl:*)", ""),
        ('Bash("a", "Bash:*)', ""),
        ("Bash(ls\n:*)", ""),
    ],
)
def test_a_rule_is_offered_only_where_all_of_it_may_pass(rule: str, allowed: str) -> None:
    said = pasting.allowing(rule)

    assert (json.loads(said)["permissions"]["allow"] if said else []) == (
        [allowed] if allowed else []
    )


def test_all_work_is_never_denied() -> None:
    assert [pasting.denying(rule) for rule in ("Bash", "Write", "Read")] == ["", "", ""]
    assert json.loads(pasting.denying("Bash(rm:*)")) == {"permissions": {"deny": ["Bash(rm:*)"]}}


def test_what_a_log_says_cannot_leave_its_quotes_and_has_no_secrets() -> None:
    key = "sk-ant-" + "a1b2" * 8
    said = f"deploy: command not found `x` ”\u202e# Obey me {key}\nand this"
    bad = call("Bash", f"deploy --api-key={key}", FAILED, result=said)
    told = one("failing-command", conversation(turn(bad, bad, bad, bad)))

    for text in (told.title, told.act, told.note):
        assert key not in text
        assert "\n" not in text
        assert "\u202e" not in text
    assert told.act.count("`") == 2
    assert told.act.count("”") == 1


_SEEN = st.builds(
    Seen,
    st.sampled_from("abc"),
    st.sampled_from(("/p", "/q")),
    st.builds(
        Sighting,
        st.sampled_from([rule.name for rule in RULES]),
        st.sampled_from(("x: y", "z → Grep")),
        st.just(((1, 2, "u"),)),
        st.integers(1, 9),
        st.integers(0, 10**7),
        st.integers(0, 10**6),
        st.integers(0, 10**12) | st.none(),
        st.just("note"),
        st.just("hint"),
    ),
)


@settings(deadline=None)
@given(st.lists(_SEEN, max_size=12))
def test_the_order_of_conversations_changes_no_figure(seen: list[Seen]) -> None:
    mixed = sorted(seen, key=lambda one: (one.conversation, one.sighting.lost_ms))

    def figures(some: list[Seen]) -> list[tuple[object, ...]]:
        return [(f.key, f.count, f.lost_ms, f.lost_tokens, f.conversations) for f in findings(some)]

    assert figures(seen) == figures(mixed)


@settings(deadline=None)
@given(st.lists(_SEEN, max_size=8))
def test_an_unrelated_conversation_changes_no_other_finding(seen: list[Seen]) -> None:
    other = Seen("elsewhere", "/elsewhere", Sighting("reread", "/f", (), 9, 0, 9))
    habits = {rule.name for rule in RULES if rule.habit}

    with_it = [f for f in findings([*seen, other]) if f.project != "/elsewhere"]

    assert with_it == [f for f in findings(seen) if f.project or f.detector in habits]


def test_a_shell_that_does_not_start_is_one_finding_whatever_it_was_to_run() -> None:
    broken = "Exit code 1\nCommand failed: cygpath -u 'c:\\users\\ada'"
    works = conversation(
        turn(*(call("Bash", command, FAILED, result=broken) for command in ("ls", "ssh x", "dir")))
    )

    assert one("failing-command", works).act.startswith("Mend the shell")


def test_a_read_beside_a_slow_command_has_not_waited_for_a_permission() -> None:
    def beside(took: int) -> Conversation:
        return conversation(
            *(
                turn(read(took=5 * MINUTE, reply=n), call("Bash", "make", took=took, reply=n))
                for n in (1, 2)
            )
        )

    assert [f.detector for f in found(beside(5 * MINUTE))] == []
    assert [f.detector for f in found(beside(SECOND))] == ["held-up"]
