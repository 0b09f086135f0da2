"""What a process that helps does: it calls what it is asked to, and answers, over pipes.

It imports as little as it can: until it has, nobody is helped. See `core.helping` for the other
end of the pipes.
"""

import gc
import os
import pickle
import signal
import sys
from typing import IO, Final

from core.alike import share_methods
from core.thrift import OPENSSL, imported_without, tighten
from core.unhurried import OBJECTS

FLAG: Final = "--help-import"  # makes a frozen program such a process, as its only argument
_INPUT: Final = 0  # numbers of the standard streams
_OUTPUT: Final = 1
_ERRORS: Final = 2
_NICE: Final = 5  # steps behind whoever asked, and the window that may be open there


def serve() -> int:
    """Do what comes in on standard input until it ends; return the exit code of the process.

    What the work prints goes to standard error: standard output is for answers.
    """
    tighten()
    share_methods()
    imported_without(OPENSSL, "hashlib")
    gc.set_threshold(OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends it
    if sys.platform != "win32":
        os.nice(_NICE)
    # By number: a program frozen without a console has no objects for them.
    with os.fdopen(os.dup(_INPUT), "rb") as questions, os.fdopen(os.dup(_OUTPUT), "wb") as answers:
        os.dup2(_ERRORS, _OUTPUT)
        while _answered(questions, answers):
            pass
    return 0


def _answered(questions: IO[bytes], answers: IO[bytes]) -> bool:
    """Do one piece of work; False: there is no more, or nobody who waits for it."""
    try:
        call, given = pickle.load(questions)  # noqa: S301  from the process that began this one
    except EOFError:
        return False
    try:
        answer: tuple[bool, object] = True, call(*given)
    except Exception as error:  # noqa: BLE001  whatever it is, who asked is to know
        answer = False, error
    try:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except BrokenPipeError:
        os._exit(0)  # closing the pipe in good order would only fail again
    return True
