"""Shell commands as far as patterns need them: the program with its first words, and errors.

Nothing is run and nothing is expanded; a command is words.
"""

import re
from typing import Final

_PREFIX: Final = re.compile(
    r"^\s*(?:(?:cd|pushd)\s+(?:\"[^\"]*\"|'[^']*'|\S+)\s*(?:&&|;|\n)\s*"
    r"|(?:export\s+)?[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\S*)\s*(?:&&|;)?\s+"
    r"|(?:sudo|time|nohup|env|command)\s+|timeout\s+(?:-\S+\s+)*\d+\w?\s+|#[^\n]*\n|set\s+-\S+\s*(?:;|\n|&&)\s*)"
)
_WORD: Final = re.compile(r"^[a-z][\w:+-]*$")
_ALONE: Final = frozenset(
    re.split(
        " ",
        "ls cat grep rg find sed awk head tail echo mkdir rm cp mv touch sleep which wc sort jq "
        "curl wget chmod tree pwd kill pkill lsof ps diff xargs test source printf tee ag fd",
    )
)
_SEARCHES: Final = {"grep": "Grep", "rg": "Grep", "ag": "Grep", "find": "Glob", "fd": "Glob"}
_READS: Final = {"cat": "Read", "head": "Read", "tail": "Read"}
_CHECK: Final = re.compile(
    r"\b(?:pytest|unittest|tox|nox|jest|vitest|mocha|playwright|cypress|rspec|phpunit|ctest|"
    r"tsc|eslint|biome|prettier --check|ruff|mypy|pyright|basedpyright|flake8|pylint|"
    r"(?:npm|pnpm|yarn|bun)(?: run)? (?:-\S+ )*(?:test|lint|build|check|typecheck|type-check)\S*|"
    r"(?:cargo|go|swift|dotnet|deno|mix|zig|bazel) (?:test|build|check|vet|clippy)|"
    r"(?:make|just|task|rake|gradle|gradlew|mvn) (?:-\S+ )*(?:test|check|lint|build|verify)\w*|"
    r"pre-commit run|nix flake check)\b"
)
_STRONG: Final = re.compile(  # what is wrong with the place or the command, not with the work
    r"command not found|not recognized|unrecogni[sz]ed|unknown (?:command|option|argument|flag)|"
    r"no such file|cannot find (?:module|package)|module ?not ?found|no module named|enoent|"
    r"permission denied|eacces|refused|could not resolve|address already in use|eaddrinuse|"
    r"not a git repository|missing script|not installed|no such container|unable to (?:access|"
    r"connect|locate)|invalid option|illegal option|usage:|authentication|unauthorized|forbidden",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    r"^(?:\S{0,40} )?(?:error|fatal)\b|error:|exception|failed|cannot|can't|not found|fatal:|"
    r"timed out|does not exist|refusing",
    re.IGNORECASE,
)
_CHATTER: Final = re.compile(r"^\$ |^\(pass\)|\bwarn(?:ing)?\b|^> |^npm warn", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"requires approval|haven't granted|has not been granted"
    r"|permission to (?:use|run) .{0,80}denied|blocked by (?:the )?(?:sandbox|policy)"
    r"|not in the allow",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"command timed out|timed out after \d|exceeded (?:the )?time", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"0x[0-9a-f]+|\d+")
_ABSENT: Final = re.compile(r"no such file|cannot find (?:module|package)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"'[^']*[/\\][^']*'|\"[^\"]*[/\\][^\"]*\"")  # paths
_EXIT: Final = re.compile(r"^(?:exit code:? \d+|<tool_use_error>|</?\w+>)\s*", re.IGNORECASE)


def bare(command: str) -> str:
    """Return *command* without what only prepares it: ``cd``, variables, ``sudo``, ``timeout``."""
    for _ in range(6):
        found = _PREFIX.match(command)
        if found is None or found.end() == len(command):
            break
        command = command[found.end() :]
    return command.strip()


def head(command: str) -> str:
    """Return the program and the words that say what it is to do: ``npm run build``."""
    words = bare(command[:400]).split()[:6]
    if not words:
        return ""
    program = words[0].rpartition("/")[2].strip("\"'();")
    if program in _ALONE:
        return program
    kept = [program]
    rest = words[1:]
    if program.startswith("python") and rest[:1] == ["-m"]:
        kept.append("-m")
        rest = rest[1:]
    for word in rest[:2]:
        if not _WORD.match(word):
            break
        kept.append(word)
    return " ".join(kept)


def instead(command: str) -> str:
    """Return the tool that does what a shell search or read does; "" for other commands.

    A command with a pipe into another program, or a here-document, does more than the tool.
    """
    words = bare(command[:2000])
    if any(sign in words for sign in ("|", "<<", ">", "&&", ";", "$(", "-exec", "-delete")):
        return ""
    program = head(words)
    return _SEARCHES.get(program) or _READS.get(program, "")


def checks(command: str) -> bool:
    """Tell whether *command* runs tests, types, lint or a build."""
    return _CHECK.search(command[:2000]) is not None


def sleeps(command: str) -> int:
    """Return how many seconds *command* says it sleeps."""
    return sum(int(found) for found in re.findall(r"\bsleep\s+(\d{1,6})\b", command[:2000]))


def complaint(command: str, result: str) -> str:
    """Return the line of a failed result that says what went wrong; "" if none does.

    Numbers are taken out, so that the same complaint about another line is the same. That a
    check finds faults is its work: of one only what is wrong with the place counts.
    """
    lines = [_EXIT.sub("", line).strip() for line in result[:2000].splitlines()]
    said = [line for line in lines if line and not _CHATTER.search(line)]
    line = next((one for one in said if _STRONG.search(one)), "")
    if not line and not checks(command):
        line = next((one for one in said if _TELLING.search(one)), "")
    # That another file is not there each time is looking around, not failing in the same way.
    same = line if _ABSENT.search(line) else _QUOTED.sub("…", line)
    return _NUMBER.sub("N", same)[:100]


def asks(result: str) -> bool:
    """Tell whether a failed *result* says that the call was not permitted."""
    return _ASKS.search(result[:400]) is not None


def out_of_time(result: str) -> bool:
    """Tell whether a failed *result* says that the agent program ended the command for its time."""
    return _LIMIT.search(result[:200]) is not None
