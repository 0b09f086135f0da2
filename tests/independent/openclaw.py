"""OpenClaw sessions are written as pi's are, and counted the same way."""

from tests.independent.pi import count

__all__ = ["count"]
