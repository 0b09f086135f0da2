"""The stream among strangers: who gets in, what they can do, and what is left in the end."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from core.redaction import redacted
from core.stream import address
from core.stream.feed import Feed
from core.stream.settings import Choices
from tests import builders as b
from tests.core.stream import raw
from tests.core.stream.conftest import PATIENCE, Stage, Tool

ROOT = Path(__file__).parents[3]
SECRETS = {  # made up, in the shapes of real ones
    "anthropic": "sk-ant-api03-" + "k3yk3y" * 7,
    "aws": "AKIA" + "Q7" * 8,
    "github": "ghp_" + "a1b2c3" * 6,
    "header": "Bearer " + "Zm9vYmFyYmF6cXV4Zm9v",
    "url": "postgres://u:hunter2hunter2@db/x",
    "mail": "ada.lovelace@example.org",
    "home": "/home/ada/clew",
    "pem": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----",
}


def test_nothing_listens_unless_it_is_turned_on(staged: Callable[..., Stage]) -> None:
    stage = staged()

    assert _listening(os.getpid()) == set()
    assert not stage.file.exists()
    stage.on()
    assert _listening(os.getpid()) <= {"0100007F", "0" * 24 + "01000000"}
    assert "0100007F" in _listening(os.getpid())
    stage.feed.stop()
    assert _listening(os.getpid()) == set()
    assert not stage.file.exists()


def test_the_address_file_is_private_and_its_token_new_each_time(stage: Stage) -> None:
    said = json.loads(stage.file.read_text("utf-8"))
    mode = stat.S_IMODE(stage.file.stat().st_mode)
    first = stage.token
    stage.feed.stop()
    stage.on()

    assert mode == 0o600
    assert (said["token"], said["port"], said["urls"][0]) == (
        first, said["port"], f"ws://127.0.0.1:{said['port']}/",
    )  # fmt: skip
    assert len(first) == 43  # 256 bits in base64
    assert stage.token != first


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:{port}", "http://127.0.0.1:{port}"]
)
def test_no_web_page_gets_in_whatever_it_says_it_is(stage: Stage, origin: str) -> None:
    said = {"Authorization": f"Bearer {stage.token}", "Origin": origin.format(port=stage.port)}

    assert raw.status(stage.port, **said) == 403


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example", "0.0.0.0:{port}"]
)
def test_a_name_that_was_made_to_mean_this_computer_is_refused(stage: Stage, host: str) -> None:
    said = {"Authorization": f"Bearer {stage.token}", "Host": host.format(port=stage.port)}

    assert raw.status(stage.port, **said) == 403


def test_only_the_token_in_the_header_opens(stage: Stage) -> None:
    port, token = stage.port, stage.token

    assert raw.status(port) == 401
    assert raw.status(port, f"/?token={token}") == 401
    assert raw.status(port, Authorization="Bearer ") == 401
    assert raw.status(port, Authorization=f"Bearer {token[:-1]}") == 401
    assert raw.status(port, Authorization=f"Basic {token}") == 401
    assert raw.status(port, Cookie=f"token={token}") == 401
    assert raw.status(port, "/other", Authorization=f"Bearer {token}") == 404
    assert raw.status(port, Authorization=f"Bearer {token}") == 101
    assert raw.status(port, Authorization=f"bearer {token}", X_Forwarded_For="8.8.8.8") == 101
    assert raw.status(port, Authorization=f"Bearer {token}", Host=f"localhost:{port}") == 101
    metrics = stage.looked(lambda state: state.metrics.disconnections == 3).metrics
    assert dict(metrics.errors) == {"token": 6, "path": 1}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (raw.frame(1, b"x" * 65_537), 1009),
        (raw.frame(1, b"[" * 40_000, fin=False) + raw.frame(0, b"]" * 40_000), 1009),
        (raw.frame(2, b"{}"), 1003),
        (raw.frame(1, b"\xff\xfe"), 1007),
        (raw.frame(3, b""), 1002),
        (raw.frame(1, b"{}", packed=True), 1002),  # it was not agreed on
    ],
)
def test_what_no_tool_would_say_closes_the_connection(stage: Stage, said: bytes, code: int) -> None:
    with raw.connected(stage.port, stage.token) as sock:
        sock.sendall(said)

        assert raw.close_code(sock) == code
    stage.looked(lambda state: state.metrics.connections == 0)


def test_a_small_message_that_unpacks_to_much_is_refused(stage: Stage) -> None:
    packer = zlib.compressobj(wbits=-12)
    bomb = packer.compress(b" " * 20_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)
    offer = "permessage-deflate; client_max_window_bits"
    with raw.connected(stage.port, stage.token, Sec_WebSocket_Extensions=offer) as sock:
        sock.sendall(raw.frame(1, bomb[:-4], packed=True))

        assert len(bomb) < 65_536
        assert raw.close_code(sock) == 1009


def test_the_thirty_third_tool_is_refused_and_a_place_that_is_left_is_free(stage: Stage) -> None:
    socks = [raw.connected(stage.port, stage.token) for _ in range(32)]
    full = raw.status(stage.port, Authorization=f"Bearer {stage.token}")
    socks.pop().close()
    stage.looked(lambda state: state.metrics.connections == 31)
    again = raw.connected(stage.port, stage.token)
    for sock in [again, *socks]:
        sock.close()

    assert full == 503
    state = stage.looked(lambda state: state.metrics.connections == 0)
    assert (state.metrics.connections_total, state.metrics.disconnections) == (33, 33)
    assert state.tools == ()


def test_a_crowd_that_says_nothing_is_cut_off_and_others_still_get_in(
    staged: Callable[..., Stage],
) -> None:
    stage = staged(open_s=0.5, waiting=20)
    stage.on()
    crowd = [socket.create_connection(("127.0.0.1", stage.port)) for _ in range(300)]
    slow = crowd[0]
    slow.sendall(b"GET / HTTP/1.1\r\nHost:")  # and never more

    for sock in crowd:
        sock.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionResetError):
            assert sock.recv(1) == b""
        sock.close()
    with raw.connected(stage.port, stage.token):
        pass
    assert dict(stage.looked(lambda state: state.metrics.errors).metrics.errors)["crowd"] > 0


def test_who_says_too_much_is_told_and_closed(stage: Stage) -> None:
    async def work() -> Tool:
        async with stage.tool() as tool:
            for _ in range(21):
                await tool.ask("ping")
            await tool.until("error")
            with pytest.raises(ConnectionClosed) as closed:
                await tool.next()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008
            return tool

    tool = asyncio.run(work())

    assert len(tool.of("pong")) == 20
    assert tool.of("error")[0]["code"] == "rate_limited"
    assert stage.looked(lambda state: state.metrics.rate_limited).metrics.rate_limited == 1


def test_a_tool_that_never_reads_is_dropped_and_others_hear_everything(
    staged: Callable[..., Stage],
) -> None:
    stage = staged(Choices(full_text=True, redact=False), backlog=200_000)
    b.write(stage.logs / f"{b.SESSION}.jsonl", b.prompt("p1"))
    stage.imports()
    stage.on()
    ask = json.dumps({"type": "subscribe", "topic": "*", "include": ["text"]}).encode()

    async def work() -> list[Any]:
        async with stage.tool(max_size=None) as tool:
            await tool.subscribed(updates=["new_message"], include=["text"])
            for n in range(200):
                stage.says(b.prompt(f"m{n}", f"{n} " + "a word " * 7_000))
            return [(await tool.until("new_message"))["message"] for _ in range(200)]

    with raw.connected(stage.port, stage.token) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        sock.sendall(raw.frame(1, ask))
        stage.looked(lambda state: state.metrics.subscriptions == 1)
        heard = asyncio.run(work())

    assert heard == [f"m{n}" for n in range(200)]
    metrics = stage.looked(lambda state: state.metrics.connections == 0).metrics
    assert (metrics.dropped, metrics.connections_total, metrics.disconnections) == (1, 2, 2)


def test_a_tool_that_does_not_answer_pings_is_dropped(staged: Callable[..., Stage]) -> None:
    stage = staged(ping_s=0.05, pong_s=0.05)
    stage.on()
    with raw.connected(stage.port, stage.token):
        metrics = stage.looked(lambda state: state.metrics.disconnections == 1).metrics

    assert dict(metrics.errors) == {"no_pong": 1}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("no json", "invalid_message"),
        ("[1]", "invalid_message"),
        ('{"type": "ping", "request": {}}', "invalid_message"),
        ('{"type": "hello", "name": " "}', "invalid_message"),
        ('{"type": "delete", "topic": "*"}', "unknown_type"),
        ('{"type": ["subscribe"]}', "unknown_type"),
        ('{"type": "subscribe"}', "invalid_topic"),
        ('{"type": "subscribe", "topic": "project:"}', "invalid_topic"),
        ('{"type": "subscribe", "topic": "project:/nowhere"}', "not_found"),
        ('{"type": "subscribe", "topic": "conversation:\' OR 1"}', "not_found"),
        ('{"type": "subscribe", "topic": "*", "kinds": ["prompt", 1]}', "invalid_filter"),
        ('{"type": "subscribe", "topic": "*", "updates": []}', "invalid_filter"),
        ('{"type": "subscribe", "topic": "*", "include": "text"}', "invalid_filter"),
        ('{"type": "subscribe", "topic": "*", "since": true}', "invalid_since"),
        ('{"type": "subscribe", "topic": "*", "since": "1.x"}', "invalid_since"),
        ('{"type": "subscribe", "topic": "*", "since": 99999}', "invalid_since"),
        ('{"type": "unsubscribe"}', "invalid_topic"),
    ],
)
def test_what_is_not_understood_is_answered_and_nothing_else_happens(
    stage: Stage, said: str, code: str
) -> None:
    async def work() -> tuple[Any, Any]:
        async with stage.tool() as tool:
            await tool.connection.send(said)
            error = await tool.until("error")
            await tool.ask("get_status")
            return error, await tool.until("status")

    error, status = asyncio.run(work())

    assert error["code"] == code
    assert error["message"].endswith((".", "?"))
    assert status["subscriptions"] == []


def test_a_status_tells_of_nobody_else(stage: Stage) -> None:
    async def work() -> Any:
        async with stage.tool(user_agent_header="spy/1") as other, stage.tool() as tool:
            await other.subscribed("conversation:" + b.SESSION)
            await tool.ask("hello", name="status\x1b[31m bar")
            await tool.ask("get_status")
            status = await tool.until("status")
            state = await asyncio.to_thread(
                stage.looked, lambda state: state.metrics.subscriptions == 1
            )
            return status, state

    status, state = asyncio.run(work())

    assert status["name"] == "status [31m bar"
    assert status["subscriptions"] == []
    assert "spy" not in json.dumps(status)
    assert b.SESSION not in json.dumps(status)
    assert [(row.name, row.topics) for row in state.tools] == [
        ("spy/1", (f"conversation:{b.SESSION}",)),
        ("status [31m bar", ()),
    ]


@pytest.mark.parametrize("redact", [True, False])
def test_secrets_stay_at_home_unless_somebody_lets_them_go(
    staged: Callable[..., Stage], redact: bool
) -> None:
    stage = staged(Choices(full_text=True, redact=redact))
    said = [b.prompt(f"s{n}", f"{k}={v} ok", at=n) for n, (k, v) in enumerate(SECRETS.items())]
    b.write(stage.logs / f"{b.SESSION}.jsonl", *said)
    stage.imports()
    stage.on()

    async def work() -> str:
        async with stage.tool() as tool:
            await tool.subscribed(since=0, include=["text"])
            await tool.until("replayed")
            return json.dumps(tool.heard)

    told = asyncio.run(work())

    found = {name for name, value in SECRETS.items() if json.dumps(value)[1:-1] in told}
    assert found == (set() if redact else set(SECRETS))


def test_redaction_keeps_what_is_around_a_secret() -> None:
    assert redacted("url=https://ada:hunter22@host/x?y=1") == (
        "url=https://ada:[redacted password]@host/x?y=1"
    )
    assert redacted('{"api_key": "abcdefgh12345678", "n": 1}') == (
        '{"api_key": "[redacted secret]", "n": 1}'
    )
    assert redacted("cd /home/ada/clew && ls /Users/bob") == "cd ~/clew && ls ~"
    clean = "The token count of task-list is 1,284; see src/auth/key.py and sk-ip this @decorator."
    assert redacted(clean) == clean
    assert redacted("-----BEGIN PRIVATE KEY-----\nMIIcut off here") == "[redacted private key]"


def test_disconnect_and_turning_off_say_goodbye(stage: Stage) -> None:
    async def work() -> list[int]:
        codes: list[int] = []
        async with stage.tool() as first, stage.tool() as second:
            state = await asyncio.to_thread(stage.looked, lambda state: len(state.tools) == 2)
            stage.feed.disconnect(state.tools[0].id)
            stage.feed.disconnect(99)
            for tool, last in ((first, False), (second, True)):
                if last:
                    await asyncio.to_thread(stage.feed.stop)
                with pytest.raises(ConnectionClosed) as closed:
                    await tool.next()
                assert closed.value.rcvd is not None
                codes.append(closed.value.rcvd.code)
        return codes

    assert asyncio.run(work()) == [1001, 1001]


def test_turning_off_does_not_wait_for_a_tool_that_does_not_answer(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw.connected(stage.port, stage.token) as sock:
        stage.feed.stop()

        assert raw.close_code(sock) == 1001
    assert not stage.file.exists()


def test_turned_off_and_on_again_at_once_it_serves_with_another_token(stage: Stage) -> None:
    before = stage.token
    with raw.connected(stage.port, before) as sock:  # one that never answers the goodbye
        stage.feed.leave()
        assert not stage.feed.state().on
        stage.on()
        assert raw.close_code(sock) == 1001

    assert stage.token != before
    raw.connected(stage.port, stage.token).close()
    for _ in range(3):
        stage.feed.leave()
        stage.feed.start()
    stage.feed.stop()
    assert not stage.file.exists()
    assert not stage.feed.state().on


def test_a_second_stream_of_one_library_is_refused(stage: Stage) -> None:
    other = Feed(stage.library)
    other.start()
    trouble = other.wait().trouble
    other.stop()

    assert trouble == "Another Clew already serves the stream of this library."
    assert json.loads(stage.file.read_text("utf-8"))["token"] == stage.token


def test_what_a_killed_program_left_is_swept_away(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        address.write(tmp_path / "a", address.Address((), port, "t"))
        assert address.sweep(tmp_path / "a")
        assert (tmp_path / "a").exists()
    assert not address.sweep(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    (tmp_path / "a").write_text("odd")
    assert not address.sweep(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_library_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "none.clew")
    feed.start()
    trouble = feed.wait().trouble
    feed.stop()

    assert re.fullmatch(r"There is no library at .*none\.clew; import something first\.", trouble)


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_command_serves_until_it_is_ended_and_cleans_up_after_a_kill(
    tmp_path: Path, number: signal.Signals
) -> None:
    log = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    with _command(tmp_path) as process:
        said = json.loads(process.stdout.readline())
        file = Path(said["address_file"])
        token = json.loads(file.read_text("utf-8"))["token"]
        process.send_signal(number)
        code = process.wait(PATIENCE)
    left = file.exists()
    with _command(tmp_path) as process:
        process.stdout.readline()
        fresh = json.loads(file.read_text("utf-8"))["token"]
        process.terminate()
        assert process.wait(PATIENCE) == 0

    assert (code, left) == ((0, False) if number == signal.SIGTERM else (-signal.SIGKILL, True))
    assert fresh != token
    assert not file.exists()
    assert log.exists()


def _command(folder: Path) -> Any:
    script = "import sys; from core.doors import main; sys.exit(main(sys.argv[1:]))"
    argv = ["stream", "--library", str(folder / "l.clew"), str(folder / "logs")]
    return subprocess.Popen(
        [sys.executable, "-c", script, *argv], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def _listening(pid: int) -> set[str]:
    """Return the addresses that process *pid* listens at, as /proc has them."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("no /proc here")
    own = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            part = line.split()
            if part[3] == "0A" and f"socket:[{part[9]}]" in own:
                found.add(part[1].split(":")[0])
    return found
