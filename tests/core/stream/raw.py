"""A tool that speaks the protocol by hand, well or badly."""

import os
import socket
import struct
from typing import Any

REQUEST = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def request(port: int, path: str = "/", **headers: str) -> bytes:
    """Return a request to connect; *headers* are added, with _ for -, or replaced."""
    said = {"Host": f"127.0.0.1:{port}"} | REQUEST
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def status(port: int, path: str = "/", **headers: str) -> int:
    """Return the status that `request` is answered with."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.sendall(request(port, path, **headers))
        return int(sock.recv(64).split()[1])


def connected(port: int, token: str, **headers: str) -> socket.socket:
    """Return a connection that was let in; its hello has been read."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=20)
    sock.sendall(request(port, Authorization=f"Bearer {token}", **headers))
    while b"hello" not in sock.recv(65_536, socket.MSG_PEEK):
        pass
    sock.recv(65_536)
    return sock


def frame(opcode: int, data: bytes, *, fin: bool = True, packed: bool = False) -> bytes:
    """Return a frame from a client; the mask is not in anybody's way."""
    mask = os.urandom(4)
    head = bytes([fin << 7 | packed << 6 | opcode])
    if len(data) < 126:
        head += bytes([0x80 | len(data)])
    elif len(data) < 1 << 16:
        head += bytes([0x80 | 126]) + struct.pack(">H", len(data))
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", len(data))
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))


def close_code(sock: socket.socket) -> int | None:
    """Return the code with which the other end closes; None if it just ends."""
    said = b""
    while True:
        try:
            more = sock.recv(65_536)
        except ConnectionResetError:
            more = b""
        said += more
        while len(said) >= 2:
            size, begin = said[1] & 127, 2
            if size == 126:
                size, begin = struct.unpack(">H", said[2:4])[0], 4
            if len(said) < begin + size:
                break
            if said[0] & 15 == 8:
                code: Any = struct.unpack(">H", said[begin : begin + 2])[0]
                return int(code)
            said = said[begin + size :]
        if not more:
            return None
