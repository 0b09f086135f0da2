"""Serves small files to style sheets from memory, as ``:/…``: a compiled Qt resource, made here.

Style sheets take pictures from files only. Ours depend on the theme's colours, so they would have
to be written somewhere; a resource in memory needs no writable folder and cannot go stale. The
layout is that of ``rcc --binary``, format version 1 (qtbase, src/tools/rcc/rcc.cpp).
"""

import struct
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QResource

_HEADER: Final = struct.Struct(">4sIIII")  # magic, version, offsets of tree, data and names
_FOLDER: Final = struct.Struct(">IHII")  # name, flags, count of children, first child
_FILE: Final = struct.Struct(">IHHHI")  # name, flags, territory, language, data
_IS_FOLDER: Final = 2
_ROOT_NAME: Final = 0
_ANY_TERRITORY: Final = 0
_C_LANGUAGE: Final = 1  # QLocale.C: a file for every language

_registered: Final[dict[str, bytes]] = {}  # Qt reads from these bytes: they must stay


def serve(root: str, files: Mapping[str, bytes]) -> None:
    """Make each of *files* readable as ``:{root}/{name}``, for good.

    A root that is served already keeps its files.

    Raises:
        ValueError: *root* does not start with a slash.
        OSError: Qt refused the files.
    """
    if not root.startswith("/"):
        raise ValueError(f"a root starts with a slash: {root!r}")
    if root in _registered:
        return
    compiled = compiled_resource(files)
    if not QResource.registerResourceData(compiled, root):
        raise OSError(f"Qt refused the files for :{root}")
    _registered[root] = compiled


def compiled_resource(files: Mapping[str, bytes]) -> bytes:
    """Return one flat folder of *files* as Qt's binary resource."""
    ordered = sorted(files, key=_hash)  # Qt looks names up by bisection over their hashes
    names, data = bytearray(), bytearray()
    tree = bytearray(_FOLDER.pack(_ROOT_NAME, _IS_FOLDER, len(ordered), 1))
    for name in ordered:
        tree += _FILE.pack(len(names), 0, _ANY_TERRITORY, _C_LANGUAGE, len(data))
        names += struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")
        data += struct.pack(">I", len(files[name])) + files[name]
    at_data = _HEADER.size + len(tree)
    at_names = at_data + len(data)
    head = _HEADER.pack(b"qres", 1, _HEADER.size, at_data, at_names)
    return head + tree + data + names


def _hash(name: str) -> int:
    """Return qt_hash() of *name* (qtbase, src/corelib/tools/qhash.cpp)."""
    value = 0
    for char in name:
        value = (value << 4) + ord(char)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
