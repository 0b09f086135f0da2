"""Times as logs of every origin write them, beyond what `core.records.fields.moment` takes."""

from core.records.fields import moment

_MICROS = 10**14  # a whole number from here on counts microseconds, not milliseconds


def when(value: object) -> int | None:
    """Return *value* as milliseconds since the epoch, UTC; None if it is no time.

    Takes what `moment` takes, and seconds with a fraction, microseconds, and numbers that
    are written as text.
    """
    if isinstance(value, str) and value[:1].isdecimal() and "-" not in value:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float):
        return _milliseconds(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= _MICROS:
        return moment(value // 1000)
    return moment(value)


def _milliseconds(value: float) -> int | None:
    if not 0 < value < _MICROS * 100:  # also false for what is not a number
        return None
    if value >= _MICROS:
        return moment(int(value / 1000))
    return moment(int(value + 0.5) if value > 10**11 else int(value * 1000 + 0.5))
