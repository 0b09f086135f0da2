"""Commands and tools are told apart by a few words."""

import pytest

from core.analysis.tools_commands import asks, checks, complaint, head, instead, out_of_time, sleeps
from core.analysis.tools_registry import ToolClass, canonical, key_argument, server, tool_class


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("npm run build -- --watch", "npm run build"),
        ("cd /a/b && FOO=1 timeout 60 npm test 2>&1", "npm test"),
        ("python3 -m pytest tests/x.py", "python3 -m pytest"),
        ('grep -rn "x" src', "grep"),
        ("git push origin main", "git push origin"),
        ("./gradlew test", "gradlew test"),
        ("cd /somewhere", "cd"),
        ("", ""),
    ],
)
def test_a_command_is_its_program_and_what_it_is_to_do(command: str, said: str) -> None:
    assert head(command) == said


def test_only_plain_searches_have_a_tool_instead() -> None:
    assert instead("grep -rn x src") == "Grep"
    assert instead("cat a.txt") == "Read"
    assert instead("cat a.txt | wc -l") == ""
    assert instead("cat > a.txt << 'EOF'") == ""
    assert instead("npm test") == ""


def test_checks_are_tests_types_lint_and_builds() -> None:
    assert all(
        map(checks, ("npm test", "cd x && cargo build", "pytest -q", "make lint", "npx tsc"))
    )
    assert not any(map(checks, ("ls tests", "git commit -m x", "echo hi")))


def test_a_complaint_is_the_telling_line_without_its_numbers() -> None:
    assert complaint("./x", "Exit code 127\n$ x\nbash: x: command not found") == (
        "bash: x: command not found"
    )
    assert complaint("node a", "warning: old\nError: line 12 is bad") == "Error: line N is bad"
    assert complaint("pytest", "FAILED tests/a.py - AssertionError: no") == ""
    assert complaint("pytest", "pytest: command not found") == "pytest: command not found"


def test_refusals_limits_and_sleeps_are_recognised() -> None:
    assert asks("This command requires approval")
    assert not asks("error: nothing here")
    assert out_of_time("Command timed out after 2m 0s")
    assert not out_of_time(";; connection timed out")
    assert sleeps("sleep 5; x; sleep 60") == 65


def test_one_tool_has_one_name_and_one_class() -> None:
    assert canonical("run_shell_command") == canonical("shell") == "Bash"
    assert tool_class("apply_patch") is ToolClass.EDIT
    assert tool_class("mcp__github__fetch_pr") is ToolClass.MCP
    assert server("mcp__github__fetch_pr") == ("github", "fetch_pr")
    assert server("Bash") == ("", "Bash")
    assert tool_class("brand_new") is ToolClass.OTHER


def test_the_key_argument_is_found_in_any_shape() -> None:
    assert key_argument("Read", {"file_path": "/a"}) == "/a"
    assert key_argument("shell", {"command": ["bash", "-lc", "make test"]}) == "make test"
    assert key_argument("apply_patch", "*** Begin Patch") == "*** Begin Patch"
    assert key_argument("Read", None) == ""
    assert key_argument("brand_new", {"x": 1}) == ""
