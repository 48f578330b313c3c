"""Search for regular expressions whose time grows faster than the text.

Every pattern of a package is collected as it is compiled, and run on texts that are made of
its own parts: what stands before a repetition, the repeated part many times, and an end that
doesn't match. A text of eight times the length may take about eight times as long.
"""

from __future__ import annotations

import ast
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.slow_patterns.attacks import Attack, Compiled, attacks
from tests.slow_patterns.collect import Found, all_patterns

SHORT, LONG = 1_000, 8_000
FEW, SOME = 60, 240
"""Characters of the texts among which the worst are chosen. A few are enough for a pattern
whose time doubles with each; from a few to some, square time shows."""

GROWTH = 24.0
"""A text of eight times the length takes 8 times as long, or 64 times in a quadratic pattern."""
NOTICEABLE = 0.004
"""Seconds of CPU below which growth is not looked at: a measure of noise."""
MEASURED = 0.02
"""Seconds of CPU over which a mean is taken: the clock may tick in steps of 4 ms."""
MOST_CPU = 100
"""Seconds of CPU for all patterns of one child process."""
LIMIT = 0.3
"""Seconds of CPU for the longest text, however they grow."""

Method = Callable[[Compiled, str], object]
METHODS: dict[str, Method] = {
    "search": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}


@dataclass(frozen=True)
class Slow:
    """A pattern that takes too long, with the text that shows it."""

    found: Found
    method: str
    text: str
    seconds: float
    growth: float

    def __str__(self) -> str:
        shown = self.found.pattern.pattern
        shown = shown if len(shown) <= 160 else f"{shown[:160]}…"
        return (
            f"{self.found.where}: {self.method} takes {self.seconds:.3f} s for {len(self.text)} "
            f"characters {self.text[:24]!r}… (x{self.growth:.0f} for x{LONG // SHORT}): {shown}"
        )


class TookTooLongError(Exception):
    """The CPU limit of one run is over."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """A run of more CPU ends in :class:`TookTooLongError`; the engine looks for signals."""

    def over(signum: int, frame: FrameType | None) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds_of(run: Method, pattern: Compiled, text: str, limit: float) -> float:
    """CPU time of one run, ``limit`` if it takes longer."""
    begun = time.process_time()
    try:
        with cpu_limit(limit):
            run(pattern, text)
    except TookTooLongError:
        return limit
    return time.process_time() - begun


def _at_least(run: Method, pattern: Compiled, text: str) -> float:
    """The faster of two runs: enough to tell what grows about as fast as the text."""
    taken = []
    for _ in range(2):
        begun = time.perf_counter()
        run(pattern, text)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _mean(run: Method, pattern: Compiled, text: str) -> float:
    """CPU time of a run, over as many as the clock's resolution needs."""
    runs, begun = 0, time.process_time()
    while (passed := time.process_time() - begun) < MEASURED:
        run(pattern, text)
        runs += 1
    return passed / runs


def slow(found: Found) -> Slow | None:
    """The first text on which a pattern takes too long."""
    tried = attacks(found.pattern)
    for method in found.methods:
        worst = _worst(found, method, tried)
        if isinstance(worst, Slow):
            return worst
        run = METHODS[method]
        for attack in worst:
            text = attack.text(LONG)
            taken = seconds_of(run, found.pattern, text, LIMIT)
            if taken >= LIMIT:
                return Slow(found, method, text, taken, float("inf"))
            short = attack.text(SHORT)
            if taken < NOTICEABLE or taken < GROWTH / 2 * _at_least(run, found.pattern, short):
                continue
            taken = _mean(run, found.pattern, text)
            growth = taken / _mean(run, found.pattern, short)
            if growth > GROWTH:
                return Slow(found, method, text, taken, growth)
    return None


def _worst(found: Found, method: str, tried: Sequence[Attack]) -> Slow | list[Attack]:
    """The attacks that take longest at few characters, or the one that takes too long there.

    Of all attacks short texts are tried. Those that take longest, and those whose time grows
    most, are tried with longer ones.
    """
    run, pattern = METHODS[method], found.pattern
    times: list[tuple[float, float, Attack]] = []
    text = ""
    try:
        # One limit for all: to set it for each would cost more than most of them.
        with cpu_limit(LIMIT * 5):
            for attack in tried:
                text = attack.text(FEW)
                # Finer than the clock of CPU time; only the order depends on it.
                begun = time.perf_counter()
                run(pattern, text)
                few = time.perf_counter() - begun
                text = attack.text(SOME)
                begun = time.perf_counter()
                run(pattern, text)
                some = time.perf_counter() - begun
                times.append((some, some - few * SOME / FEW, attack))
            longest = sorted(times, key=lambda each: -each[0])[:6]
            growing = sorted(times, key=lambda each: -each[1])[:6]
            ranked: list[tuple[float, int, Attack]] = []
            for number, attack in enumerate({each[2]: None for each in (*longest, *growing)}):
                text = attack.text(SHORT)
                begun = time.perf_counter()
                run(pattern, text)
                ranked.append((time.perf_counter() - begun, number, attack))
    except TookTooLongError:
        return Slow(found, method, text, LIMIT * 5, float("inf"))
    ranked.sort(reverse=True)
    return [attack for _, _, attack in ranked[:4]]


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(root: str, *packages: str) -> None:
    """The child process of :func:`slow_in`: a line for each pattern, and one if it is slow."""
    sys.path.insert(0, root)
    # A pattern in which no signal is looked for would go on for ever.
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU + 5))

    def exercise() -> None:
        from tests.entry_points import ENTRY_POINTS, ORDINARY

        for enter in ENTRY_POINTS.values():
            for text in ORDINARY:
                enter(text)

    ours = "memory" in {name.partition(".")[0] for name in packages}
    found = all_patterns(Path(root), *packages, exercise=exercise if ours else bool)
    _tell(f"patterns {len(found)}")
    for each in found:
        _tell(f"next {each.where}: {each.pattern.pattern[:160]!r}")
        verdict = slow(each)
        if verdict is not None:
            _tell(f"slow {str(verdict)!r}")
    _tell("end")


@dataclass(frozen=True)
class Verdict:
    """How many patterns there are, and what is said of those that are slow."""

    patterns: int
    slow: list[str]


def slow_in(root: Path, *packages: str, seconds: float = 100.0) -> Verdict:
    """Measures every pattern of ``packages`` in a child process that can be killed.

    Args:
        root: The folder of the packages.
        packages: Names of packages, their modules and data files included.
        seconds: Of wall-clock time; a pattern that isn't done by then is slow.
    """
    code = f"from tests.slow_patterns.measure import main; main({str(root)!r}, *{list(packages)!r})"
    command = [sys.executable, "-c", code]
    here = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            out, errors = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, errors = child.communicate()
    lines = out.splitlines()
    count = next((int(line.split()[1]) for line in lines if line.startswith("patterns ")), 0)
    told = [ast.literal_eval(line[5:]) for line in lines if line.startswith("slow ")]
    if not lines or lines[-1] != "end":
        last = lines[-1] if lines else ""
        told.append(f"never ended: {last.removeprefix('next ')} {errors[-2000:]}")
    return Verdict(count, told)
