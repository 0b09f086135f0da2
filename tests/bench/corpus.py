"""A made-up library of transcripts for measuring: same arguments, same bytes.

Sizes follow what was counted on public transcripts: about 2.6 KB a line, five of ten lines
a reply's, most bytes in tool results. The words are drawn from a Zipf-like distribution, so that
a full-text index has the work it would have with real text.
"""

import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

_WORDS = 20_000
_PER_FILE = 190  # messages in a transcript


def write(root: Path, messages: int, seed: int = 7) -> int:
    """Write transcripts with *messages* messages below *root*; return their bytes."""
    draw = random.Random(seed)
    words = [_word(draw) for _ in range(_WORDS)]
    weights = [1 / (rank + 3) for rank in range(_WORDS)]
    pool = draw.choices(words, weights, k=400_000)
    total = 0
    left = messages
    number = 0
    while left > 0:
        size = min(left, _PER_FILE)
        session = f"{draw.getrandbits(128):032x}"
        folder = root / f"-home-ada-project-{number % 20}"
        folder.mkdir(parents=True, exist_ok=True)
        data = _transcript(draw, pool, session, size, number)
        (folder / f"{session}.jsonl").write_bytes(data)
        total += len(data)
        left -= size
        number += 1
    return total


def one(path: Path, messages: int, seed: int = 8) -> int:
    """Write a single transcript with *messages* messages at *path*; return its bytes."""
    draw = random.Random(seed)
    words = [_word(draw) for _ in range(_WORDS)]
    pool = draw.choices(words, [1 / (rank + 3) for rank in range(_WORDS)], k=400_000)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(_transcript(draw, pool, path.stem, messages, 0))


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randint(3, 10)))


def _say(draw: random.Random, pool: list[str], median: int, spread: float) -> str:
    count = max(2, min(8000, int(draw.lognormvariate(0, spread) * median / 7)))
    at = draw.randrange(len(pool) - 8001)
    return " ".join(pool[at : at + count])


def _transcript(
    draw: random.Random, pool: list[str], session: str, messages: int, number: int
) -> bytes:
    lines: list[str] = []
    parent: str | None = None
    at = 1_760_000_000_000 + number * 3_600_000
    call = ""
    for index in range(messages):
        uuid = f"{draw.getrandbits(128):032x}"
        at += draw.randint(500, 20_000)
        step = index % 8
        content: object
        if step == 0:
            role, content = "user", _say(draw, pool, 90, 1.1)
        elif step % 2 == 1:
            role = "assistant"
            call = f"toolu_{draw.getrandbits(90):x}"
            tool = draw.choice(("Bash", "Read", "Edit", "Grep"))
            given = {"command": _say(draw, pool, 120, 0.9), "file_path": f"/src/{index}.py"}
            content = [{"type": "tool_use", "id": call, "name": tool, "input": given}]
            if step == 7:
                content = [{"type": "text", "text": _say(draw, pool, 500, 1.0)}]
        else:
            role = "user"
            said = _say(draw, pool, 1500, 1.4)
            content = [{"type": "tool_result", "tool_use_id": call, "content": said}]
        message: dict[str, object] = {"role": role, "content": content}
        if role == "assistant":
            message |= {
                "id": f"msg_{draw.getrandbits(90):x}",
                "model": "claude-opus-4-6",
                "usage": {
                    "input_tokens": 5,
                    "output_tokens": draw.randint(20, 900),
                    "cache_read_input_tokens": draw.randint(10_000, 90_000),
                    "cache_creation_input_tokens": draw.randint(0, 3000),
                },
            }
        lines.append(
            json.dumps(
                {
                    "parentUuid": parent,
                    "isSidechain": False,
                    "userType": "external",
                    "cwd": f"/home/ada/project-{number % 20}",
                    "sessionId": session,
                    "version": "2.1.50",
                    "gitBranch": "main",
                    "type": role,
                    "message": message,
                    "uuid": uuid,
                    "timestamp": _iso(at),
                }
            )
        )
        parent = uuid
    return ("\n".join(lines) + "\n").encode()


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


if __name__ == "__main__":
    ROOT, MESSAGES = Path(sys.argv[1]), int(sys.argv[2])
    write(ROOT / "logs", MESSAGES)
    if sys.argv[3:] != ["logs"]:  # the name of the only part that is wanted
        one(ROOT / "long" / "long.jsonl", MESSAGES)
