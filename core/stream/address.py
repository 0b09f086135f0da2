"""The file that says where the stream is and what opens it: mode 0600, beside the library."""

import json
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from core import __version__
from core.errors import StoreError
from core.stream.settings import SCHEMA

_TOKEN_BYTES: Final = 32  # 256 bits


@dataclass(frozen=True, slots=True)
class Address:
    """Where the stream is served, and the token that opens it."""

    urls: tuple[str, ...]
    port: int
    token: str


def path(library: Path) -> Path:
    """Return the address file of *library*; it is there only while the stream is served."""
    return library.with_name(f"{library.stem}.stream.json")


def token() -> str:
    """Return a new token, good for one time of being turned on."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def write(file: Path, address: Address) -> None:
    """Write *address* to *file*, replacing what is there in one step.

    Raises:
        StoreError: it cannot be written.
    """
    said = {
        "schema": SCHEMA,
        "version": __version__,
        "urls": list(address.urls),
        "port": address.port,
        "token": address.token,
        "pid": os.getpid(),
    }
    try:
        # Private from birth, under a name nobody can have prepared a link at.
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        half = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(said, stream, indent=1)
                stream.write("\n")
            half.replace(file)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(
            f"The stream's address cannot be written to {file}: {error.strerror or error}."
        ) from error


def remove(file: Path, address: Address) -> None:
    """Remove *file* if it still says *address*; another Clew's is left alone."""
    said = _read(file)
    if said is not None and said.get("token") == address.token:
        file.unlink(missing_ok=True)


def sweep(file: Path) -> bool:
    """Remove *file* if nobody serves what it says; return whether somebody does.

    A program that was killed leaves its file behind. Whether its port is still listened to is
    asked by trying to listen there; nothing is connected to.
    """
    said = _read(file)
    if said is not None and _taken(said.get("port")):
        return True
    if file.is_symlink() or file.exists():
        file.unlink(missing_ok=True)
    return False


def _read(file: Path) -> dict[str, object] | None:
    try:
        said: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return cast("dict[str, object]", said) if isinstance(said, dict) else None


def _taken(port: object) -> bool:
    if not isinstance(port, int) or not 0 < port < 1 << 16:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # elsewhere it would let two programs listen at one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return True
    return False
