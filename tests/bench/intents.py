"""Learn the weights of intents from one half of the labelled prompts, measure on the other.

    python -m tests.bench.intents DATA learn   # writes core/analysis/intents.json
    python -m tests.bench.intents DATA         # prints how well the held half is read, and
                                               # writes it to core/analysis/intents_measured.json

DATA is the folder that the labels are of; a prompt is found by the hash of its session and words.
"""

import argparse
import csv
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis import intents
from core.analysis.features import NAMES, features, wording
from core.analysis.intents import Intent
from core.analysis.prose import prose
from core.analysis.satisfaction import Opinion, Verdict, opinion
from core.analysis.sentiment import Feeling, sentiment
from core.measures.rates import wilson
from core.store.connection import open_reader
from tests.library import imported

LABELS = Path(__file__).parents[1] / "data" / "intents.tsv"
SHIPPED = Path(intents.__file__).with_name("intents.json")
_PROMPTS = """
SELECT message.id, session.key, session.id,
    (SELECT group_concat(text, char(10)) FROM
        (SELECT text FROM block JOIN body ON body.id = block.id
         WHERE block.message_id = message.id AND block.kind = 'prompt' ORDER BY block.id))
FROM message JOIN session ON session.id = message.session_id
WHERE message.kind IN ('prompt', 'queued') AND message.agent = '' AND message.counted = 1
ORDER BY message.id
"""
_BEFORE = """
SELECT text FROM block JOIN body ON body.id = block.id JOIN message ON message.id = message_id
WHERE block.session_id = ? AND block.kind = 'reply' AND message.agent = '' AND block.size > 0
    AND block.message_id < ? ORDER BY block.id DESC LIMIT 1
"""


# Made up: thinking aloud is rare among the labelled prompts. Learnt from, never measured.
_MADE_UP = """
exploration: what if we used sqlite
exploration: what if we kept both and compared them later?
exploration: maybe we could split this into two services
exploration: perhaps a queue would be better here
exploration: i wonder whether a cache would help at all
exploration: let's brainstorm some names for it
exploration: i'm thinking we could drop the old format, any thoughts?
exploration: alternatively we could generate the client from the schema
exploration: not sure if a monorepo makes sense for us, what are the trade-offs
exploration: should we move the parser into its own package or keep it here? thoughts?
exploration: could we do this without a database at all? just thinking out loud
exploration: let's take a step back. is there a simpler way to think about this?
feedback: it doesn't work
feedback: it works now
feedback: that's not what I asked for
feedback: the page is still blank after a reload
feedback: this looks much better
command: fix the login bug
command: add error handling
command: prune the old branches
command: use the latest version
"""


class Labelled(NamedTuple):
    """One prompt with what a reader said of it."""

    text: str
    before: str  # the last reply before it
    half: str
    intent: str
    satisfaction: str


def key(session: str, text: str) -> str:
    """Return the name of a prompt in the file of labels."""
    return hashlib.sha256(f"{session}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def labelled(db: Connection) -> Iterator[Labelled]:
    """Yield the labelled prompts that the library *db* holds, each once, in its order."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}
    for message, session, session_id, text in db.execute(_PROMPTS).fetchall():
        row = labels.pop(key(session, text or ""), None)
        if row:
            before = db.execute(_BEFORE, (session_id, message)).fetchone()
            yield Labelled(
                text, before[0] if before else "", row["half"], row["intent"], row["satisfaction"]
            )


def made_up() -> Iterator[Labelled]:
    """Yield the sentences that were written for learning."""
    for line in _MADE_UP.strip().splitlines():
        intent, _, text = line.partition(": ")
        yield Labelled(text, "Done.", "tune", intent, "")


def fit(cases: Sequence[Labelled], strength: float) -> NDArray[np.float64]:
    """Return one row of weights for each class, the constant last.

    Softmax regression with a quadratic penalty of *strength*, by gradient steps with momentum.
    """
    held = np.array(
        [[*features(wording(prose(one.text), one.before)), True] for one in cases], float
    )
    right = np.array([[one.intent == intent for intent in Intent] for one in cases], float)
    weights = np.zeros((len(Intent), held.shape[1]))
    speed = np.zeros_like(weights)
    penalty = np.full_like(weights, strength)
    penalty[:, -1] = 0.01
    for _ in range(3000):
        scores = held @ weights.T
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        slope = (chances - right).T @ held + penalty * weights
        speed = 0.9 * speed - 0.004 * slope
        weights += speed
    return weights


def parts(cases: Sequence[Labelled], folds: int) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """Yield *cases* split into those to learn from and those left out."""
    for fold in range(folds):
        yield (
            [one for at, one in enumerate(cases) if at % folds != fold],
            [one for at, one in enumerate(cases) if at % folds == fold],
        )


def loss(weights: NDArray[np.float64], cases: Sequence[Labelled]) -> float:
    """Return the mean log loss of *weights* on *cases*."""
    table = intents.Weights(tuple(tuple(row) for row in weights))
    total = 0.0
    for one in cases:
        chances = intents.probabilities(features(wording(prose(one.text), one.before)), table)
        total -= float(np.log(chances[list(Intent).index(Intent(one.intent))] + 1e-9))
    return total / len(cases)


def sharpness(cases: Sequence[Labelled], strength: float) -> float:
    """Return the factor of the weights with which prompts left out are told best: calibration."""
    fits = [(fit([*used, *made_up()], strength), out) for used, out in parts(cases, 5)]
    factors = [1.0 + step / 20 for step in range(-8, 21)]
    return min((sum(loss(factor * rows, out) for rows, out in fits), factor) for factor in factors)[
        1
    ]


def learn(cases: Sequence[Labelled]) -> None:
    """Fit to *cases* with the penalty that does best when fifths are left out; write it."""
    scored: list[tuple[float, float]] = []
    for strength in (0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0):
        losses = [loss(fit([*used, *made_up()], strength), out) for used, out in parts(cases, 5)]
        scored.append((sum(losses) / len(losses), strength))
        print(f"penalty {strength}: log loss {scored[-1][0]:.3f}")
    best = min(scored)[1]
    sharp = sharpness(cases, best)
    rows = sharp * fit([*cases, *made_up()], best)
    origin = f"{len(cases)} labelled prompts, the half named tune, and 21 made up; penalty {best}, scaled by {sharp}"
    SHIPPED.write_text(intents.dump([list(row) for row in rows], origin), encoding="utf-8")


def table(pairs: Sequence[tuple[str, str]], classes: Sequence[str]) -> None:
    """Print precision, recall, F1 of each class and who is taken for whom."""
    counts = Counter(pairs)
    print("| class | n | precision | recall | F1 |\n|---|---|---|---|---|")
    scores: list[float] = []
    for one in classes:
        hit = counts[one, one]
        said = sum(counts[right, one] for right in classes)
        real = sum(counts[one, guess] for guess in classes)
        precision, recall = hit / said if said else 0.0, hit / real if real else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores += [f1] if real else []
        print(f"| {one} | {real} | {precision:.2f} | {recall:.2f} | {f1:.2f} |")
    right = sum(counts[one, one] for one in classes)
    low, high = wilson(right, len(pairs))
    print(
        f"accuracy {right}/{len(pairs)} = {right / len(pairs):.3f} [{low:.3f}, {high:.3f}], macro F1 {sum(scores) / len(scores):.3f}"
    )
    print("\n| labelled \\ read | " + " | ".join(classes) + " |\n|" + "---|" * (len(classes) + 1))
    for one in classes:
        print(f"| {one} | " + " | ".join(str(counts[one, guess]) for guess in classes) + " |")


def reliability(sure: Sequence[tuple[float, bool]]) -> None:
    """Print how often guesses of each confidence were right, and the expected error of that."""
    print("\n| confidence | n | mean | right |\n|---|---|---|---|")
    error = 0.0
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        some = [(value, right) for value, right in sure if low <= value < high]
        if some:
            mean = sum(value for value, _ in some) / len(some)
            share = sum(right for _, right in some) / len(some)
            error += abs(mean - share) * len(some) / len(sure)
            print(f"| {low:.1f} to {min(1.0, high):.1f} | {len(some)} | {mean:.2f} | {share:.2f} |")
    print(f"expected calibration error {error:.3f}")


def measure(cases: Sequence[Labelled], wrong: bool) -> None:
    """Print how well *cases* are read; with *wrong* also those that are not."""
    read = [intents.read(prose(one.text), one.before) for one in cases]
    table(
        [(one.intent, guess.intent.value) for one, guess in zip(cases, read, strict=True)],
        [one.value for one in Intent],
    )
    done = {Intent.REQUEST, Intent.COMMAND}
    same = sum(
        (one.intent in done) == (guess.intent in done)
        for one, guess in zip(cases, read, strict=True)
    )
    print(
        f"something is to be done (request or command), or not: {same}/{len(cases)} = {same / len(cases):.3f}"
    )
    hits = [guess.intent == one.intent for one, guess in zip(cases, read, strict=True)]
    if not wrong:
        told = {"right": sum(hits), "n": len(hits)}
        intents.MEASURED.write_text(json.dumps(told) + "\n", "utf-8")
    reliability([(guess.confidence, hit) for guess, hit in zip(read, hits, strict=True)])
    print("\nWhat the person says of the work before:\n")
    found = [opinion(prose(one.text), follows=bool(one.before)) for one in cases]
    table(
        [(one.satisfaction, guess.verdict.value) for one, guess in zip(cases, found, strict=True)],
        [one.value for one in Verdict],
    )
    print("\nHow the prompt feels, against the same labels:\n")
    felt = [
        sentiment(prose(one.text), said).feeling or "neutral"
        for one, said in zip(cases, found, strict=True)
    ]
    labels = [one.satisfaction if one.satisfaction != "retry" else "neutral" for one in cases]
    table(
        [(label, str(one)) for label, one in zip(labels, felt, strict=True)],
        [str(one) for one in Feeling],
    )
    alone = [
        sentiment(prose(one.text), Opinion(Verdict.NEUTRAL, "")).feeling or "neutral"
        for one in cases
    ]
    print("\nThe lexicon alone:\n")
    table(
        [(label, str(one)) for label, one in zip(labels, alone, strict=True)],
        [str(one) for one in Feeling],
    )
    if wrong:
        for one, guess, said in zip(cases, read, found, strict=True):
            if guess.intent != one.intent:
                print(
                    f"I {one.intent} > {guess.intent} {guess.confidence} {guess.cues}: {one.text[:120]!r}"
                )
            if said.verdict != one.satisfaction:
                print(f"S {one.satisfaction} > {said.verdict} {said.quote!r}: {one.text[:120]!r}")


def main() -> None:
    """Read the command line and do what it says."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument(
        "data", type=Path, help="folder of transcripts, or a library that has read it"
    )
    asked.add_argument(
        "what", nargs="?", choices=["learn", "tuning"], help="tuning: what is wrong in that half"
    )
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data: Path = given.data
        made = data.is_dir()
        with closing(imported(Path(folder), data) if made else open_reader(data)) as db:
            cases = list(labelled(db))
    tune = [one for one in cases if one.half == "tune"]
    print(
        f"{len(cases)} of the labelled prompts found, {len(tune)} of them to learn from; {len(NAMES)} features"
    )
    if given.what == "learn":
        learn(tune)
        return
    tuning = given.what == "tuning"
    measure(tune if tuning else [one for one in cases if one.half == "held"], wrong=tuning)


if __name__ == "__main__":
    main()
