"""As much of JSON Schema as the stream's schema uses."""

import json
import re
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "resources" / "stream.schema.json").read_text("utf-8")
)
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def trouble(value: Any, schema: dict[str, Any] = SCHEMA) -> str:
    """Return what is wrong with *value* by *schema*; "" if nothing is."""
    if "$ref" in schema:
        return trouble(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    if "oneOf" in schema:
        fits = [one for one in schema["oneOf"] if not trouble(value, one)]
        return "" if len(fits) == 1 else f"{len(fits)} kinds fit {value}"
    parts = [trouble(value, part) for part in schema.get("allOf", [])]
    parts.append(_plain(value, schema))
    if isinstance(value, list) and "items" in schema:
        parts += [trouble(one, schema["items"]) for one in value]
    if isinstance(value, dict):
        parts.append(_object(value, schema))
    return next(filter(None, parts), "")


def _plain(value: Any, schema: dict[str, Any]) -> str:
    types = schema.get("type", list(_TYPES))
    types = [types] if isinstance(types, str) else types
    text = value if isinstance(value, str) else ""
    number = value if isinstance(value, int) else 0
    holds = {
        "type": any(_is(value, name) for name in types),
        "const": value == schema.get("const", value),
        "enum": value in schema.get("enum", [value]),
        "maxLength": len(text) <= schema.get("maxLength", len(text)),
        "pattern": not text or re.search(schema.get("pattern", ""), text) is not None,
        "minimum": number >= schema.get("minimum", number),
    }
    return next((f"{value!r}: {rule}" for rule, fine in holds.items() if not fine), "")


def _object(value: dict[str, Any], schema: dict[str, Any]) -> str:
    known = schema.get("properties", {})
    missing = set(schema.get("required", [])) - set(value)
    strange = set(value) - set(known) if schema.get("additionalProperties") is False else set()
    if missing or strange:
        return f"missing {missing}, strange {strange}"
    parts = ((key, trouble(value[key], known[key])) for key in value if key in known)
    return next((f"{key}: {said}" for key, said in parts if said), "")


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
