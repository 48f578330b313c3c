"""Search for regular expressions whose time grows faster than the text.

Every pattern of a package is collected as it is compiled, and run on texts that are made of
its own parts: what stands before a repetition, the repeated part many times, and an end that
doesn't match. A text of eight times the length may take about eight times as long.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import resource
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

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

Compiled = re.Pattern[str]
Method = Callable[[Compiled, str], object]
METHODS: dict[str, Method] = {
    "search": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}
ANYWHERE = ("search", "fullmatch")

COMMON = ("哈", "我", "和", "的", "一", " ", "\u3000", "\n", "@", "-", "~", "～", ".", ",", "，",
          "1", "a", "A", "_", "*", "|", "w", "哈哈 ", "a ", "1 ", " \n", "-- ", "a@", "a.", "1.",
          "我和", "，我", "“", "(", "[", "<", "`", "’", "是", "了", ":", "a:", "[a](")  # fmt: skip
TAILS = ("", "\x00", "。x")


@dataclass(frozen=True)
class Found:
    """A pattern, where it is compiled and how it is used."""

    pattern: Compiled
    where: str
    methods: tuple[str, ...] = ANYWHERE


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


class Collector:
    """Notes each pattern that ``re`` compiles for code under ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.found: dict[tuple[str, int], Found] = {}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While this lasts, patterns are noted."""
        compile_ = re._compile  # type: ignore[attr-defined]

        def noted(pattern: Any, flags: Any) -> Any:
            compiled = compile_(pattern, flags)
            if isinstance(compiled.pattern, str):
                self.note(compiled, _caller())
            return compiled

        re._compile = noted  # type: ignore[attr-defined]
        try:
            yield
        finally:
            re._compile = compile_  # type: ignore[attr-defined]

    def note(self, pattern: Compiled, frame: FrameType | None) -> None:
        """``pattern``, if the code of ``frame`` is of the package."""
        key = (pattern.pattern, pattern.flags)
        if frame is None or key in self.found:
            return
        file = frame.f_code.co_filename
        if file.startswith(self.root) and "/.venv/" not in file:
            where = f"{Path(file).relative_to(self.root)}:{frame.f_lineno}"
            self.found[key] = Found(pattern, where)


def _of_text(pattern: Compiled | re.Pattern[bytes]) -> Compiled:
    """A pattern of bytes as one of the characters that stand for them."""
    if isinstance(pattern.pattern, bytes):
        return re.compile(pattern.pattern.decode("latin-1"), pattern.flags | re.ASCII)
    return pattern  # type: ignore[return-value]


def _caller() -> FrameType | None:
    frame: FrameType | None = sys._getframe(2)
    while frame and (frame.f_code.co_filename in (__file__, re.__file__)):
        frame = frame.f_back
    return frame


def modules_of(*packages: str) -> list[ModuleType]:
    """Every module of ``packages``, imported."""
    modules = []
    for name in packages:
        package = importlib.import_module(name)
        modules.append(package)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            # Alembic's environment runs a migration when it is imported.
            if not info.name.endswith(".env"):
                modules.append(importlib.import_module(info.name))
    return modules


def written_in(modules: Sequence[ModuleType], root: Path) -> Iterator[Found]:
    """Patterns of calls such as ``re.sub(r"…", …)``, also in functions that weren't called."""
    for module in modules:
        file = Path(module.__file__ or "")
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and _is_re(call.func) and call.args):
                continue
            try:
                pattern = re.compile(_value(call.args[0], module), _flags(call, module))
            except (NameError, TypeError, AttributeError, KeyError, re.error):
                # Made of what is only known when the function runs.
                continue
            method = getattr(call.func, "attr", "")
            methods = {"compile": ANYWHERE, "match": ("match",), "fullmatch": ("fullmatch",)}
            where = f"{file.relative_to(root)}:{call.lineno}"
            yield Found(pattern, where, methods.get(method, ("search",)))


def in_data(modules: Sequence[ModuleType], root: Path) -> Iterator[Found]:
    """Texts in tables of the modules and in data files that look like patterns."""
    for module in modules:
        file = Path(module.__file__ or "")
        for name, value in vars(module).items():
            if not name.startswith("__") and "re" in vars(module):
                for text in _texts(value):
                    yield from _as_pattern(text, f"{file.relative_to(root)}, {name}")
    for folder in {Path(module.__file__ or "").parent for module in modules}:
        for file in folder.rglob("*.toml"):
            for text in _texts(tomllib.loads(file.read_text("utf-8"))):
                yield from _as_pattern(text, str(file.relative_to(root)))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > 5:
        return
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _texts(getattr(value, each.name, None), depth + 1)


def _as_pattern(text: str, where: str) -> Iterator[Found]:
    if not re.search(r"\(\?|\\[bdsw]|[\])}.\w][*+]|\{\d*,\d*\}", text):
        return
    with suppress(re.error):
        yield Found(re.compile(text), where, ("search",))


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))


def _is_re(func: ast.expr) -> bool:
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "re"
        and func.attr not in ("escape", "purge")
    )


def _flags(call: ast.Call, module: ModuleType) -> int:
    given = [word.value for word in call.keywords if word.arg == "flags"]
    places = {"compile": 1, "sub": 4, "subn": 4, "split": 3}
    place = places.get(getattr(call.func, "attr", ""), 2)
    given += call.args[place : place + 1]
    return int(_value(given[0], module)) if given else 0


def methods_by_pattern(modules: Sequence[ModuleType]) -> dict[tuple[str, int], tuple[str, ...]]:
    """How patterns with a name are used, as far as that name is only used directly."""
    ways: dict[tuple[str, int], set[str]] = {}
    for module in modules:
        uses = _uses(Path(module.__file__ or ""))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found = uses.get(name, set()) - {"pattern", "flags", "groups"}
                # A name that is not used in its own module is used in another one.
                ways.setdefault((value.pattern, value.flags), set()).update(found)
    return {
        key: tuple(sorted({use if use in ("match", "fullmatch") else "search" for use in uses}))
        for key, uses in ways.items()
        if uses and "?" not in uses
    }


def _uses(file: Path) -> dict[str, set[str]]:
    """The attributes that are asked of each name in a file; "?" where it is handed on."""
    uses: dict[str, set[str]] = {}
    direct = set()
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
            direct.add(id(node.value))
    for node in ast.walk(tree):
        loaded = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if loaded and id(node) not in direct:
            uses.setdefault(node.id, set()).add("?")
    return uses


# --- texts ---------------------------------------------------------------------------------


@dataclass
class _Sampler:
    """Texts that match parts of a pattern."""

    chance: random.Random
    groups: dict[int, str] = field(default_factory=dict)

    def of(self, nodes: Any, depth: int = 0) -> str:
        return "".join(self.one(op, value, depth) for op, value in nodes)

    def one(self, op: Any, value: Any, depth: int) -> str:
        if op is codes.LITERAL:
            return chr(value)
        if op is codes.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        if op is codes.ANY:
            return self.chance.choice("a一 1")
        if op is codes.IN:
            return self.inside(value)
        if op is codes.BRANCH:
            return self.of(self.chance.choice(value[1]), depth)
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, body = value
            times = least if depth > 6 else min(most, max(least, self.chance.choice((0, 1, 1))))
            return "".join(self.of(body, depth + 1) for _ in range(times))
        if op is codes.SUBPATTERN:
            text = self.of(value[3], depth)
            if value[0] is not None:
                self.groups[value[0]] = text
            return text
        if op is codes.ATOMIC_GROUP:
            return self.of(value, depth)
        if op is codes.GROUPREF:
            return self.groups.get(value, "")
        return ""

    def inside(self, items: Any) -> str:
        negated = items[0][0] is codes.NEGATE
        if negated:
            usual = [c for c in "a一 1-.\n哈Z/" if not any(_holds(item, c) for item in items[1:])]
            return self.chance.choice(usual) if usual else "\u2603"
        op, value = self.chance.choice(items)
        if op is codes.LITERAL:
            return chr(value)
        if op is codes.RANGE:
            low, high = value
            usual = [c for c in "aAz1一我和哈" if low <= ord(c) <= high]
            return self.chance.choice(usual) if usual else chr(low)
        return {
            codes.CATEGORY_DIGIT: "1",
            codes.CATEGORY_SPACE: " ",
            codes.CATEGORY_WORD: self.chance.choice("a一1"),
            codes.CATEGORY_NOT_SPACE: self.chance.choice("a一1"),
            codes.CATEGORY_NOT_WORD: self.chance.choice(" -"),
            codes.CATEGORY_NOT_DIGIT: "a",
        }.get(value, "a")


def _holds(item: Any, character: str) -> bool:
    op, value = item
    if op is codes.LITERAL:
        return bool(value == ord(character))
    if op is codes.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    simple = {
        codes.CATEGORY_DIGIT: str.isdigit,
        codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
        codes.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
        codes.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
        codes.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    }
    return bool(simple[value](character))


def _repeats(nodes: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each repetition that can be long, with what has to stand before it."""
    done: list[Any] = list(before)
    for op, value in nodes:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, body = value
            if most >= 4:
                yield tuple(done), body
            yield from _repeats(body, tuple(done))
        elif op is codes.SUBPATTERN:
            yield from _repeats(value[3], tuple(done))
        elif op is codes.ATOMIC_GROUP:
            yield from _repeats(value, tuple(done))
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, tuple(done))
        elif op in (codes.ASSERT, codes.ASSERT_NOT) and value[0] > 0:
            yield from _repeats(value[1], tuple(done))
        done.append((op, value))


def _literals(nodes: Any) -> Iterator[str]:
    for op, value in nodes:
        if op is codes.LITERAL:
            yield chr(value)
        elif op is codes.IN:
            for kind, item in value:
                if kind is codes.LITERAL:
                    yield chr(item)
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from _literals(value[2])
        elif op is codes.SUBPATTERN:
            yield from _literals(value[3])
        elif op is codes.ATOMIC_GROUP:
            yield from _literals(value)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _literals(value[1])


@dataclass(frozen=True)
class Attack:
    """A text of any length: a beginning, one part again and again, an end."""

    head: str
    part: str
    tail: str

    def text(self, length: int) -> str:
        times = max(1, (length - len(self.head) - len(self.tail)) // len(self.part))
        return self.head + self.part * times + self.tail


def attacks(pattern: Compiled, most: int = 120) -> list[Attack]:
    """Texts on which ``pattern`` may take long, the same ones each time."""
    chance = random.Random(pattern.pattern.encode("utf-8", "surrogatepass"))
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[Attack, None] = {}

    repeats = list(_repeats(tree))
    if not repeats:
        # Each of its places is done after a bounded number of steps.
        return []
    chance.shuffle(repeats)
    literals = sorted(set(_literals(tree)))
    chance.shuffle(literals)
    for part in (*COMMON, *literals[:24]):
        found[Attack("", part, "\x00")] = None
    share = max(2, min(12, most // max(1, len(repeats))))
    for before, body in repeats:
        for _ in range(share):
            sampler = _Sampler(chance)
            head = sampler.of(before)
            part = "".join(sampler.of(body) for _ in range(chance.choice((1, 1, 2))))
            if part:
                found[Attack(head, part, chance.choice(TAILS))] = None
        if len(found) > most + len(COMMON):
            break
    for _ in range(6):
        # A whole match again and again.
        part = _Sampler(chance).of(tree)
        if part:
            found[Attack("", part, "\x00")] = None
    return list(found)


# --- measuring -----------------------------------------------------------------------------


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


def all_patterns(root: Path, *packages: str, exercise: Callable[[], object] = bool) -> list[Found]:
    """Every pattern of ``packages``, once.

    Args:
        root: The folder of the packages.
        packages: Names of packages, their modules and data files included.
        exercise: Runs code of them, for patterns that are made as they are needed.
    """
    collector = Collector(root)
    with collector.listening():
        modules = modules_of(*packages)
        exercise()
    known = methods_by_pattern(modules)
    written = list(written_in(modules, root))
    for each in written:
        key = (each.pattern.pattern, each.pattern.flags)
        known.setdefault(key, each.methods)
    found = {}
    for each in (*collector.found.values(), *written):
        methods = known.get((each.pattern.pattern, each.pattern.flags), each.methods)
        pattern = _of_text(each.pattern)
        key = (pattern.pattern, pattern.flags)
        found.setdefault(key, replace(each, pattern=pattern, methods=methods))
    whole = "\0".join(pattern for pattern, _ in found)
    for each in in_data(modules, root):
        # Parts of a pattern that is tested as a whole are not patterns.
        if each.pattern.pattern not in whole:
            found.setdefault((each.pattern.pattern, each.pattern.flags), each)
    return list(found.values())


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
    code = f"from tests.slow_patterns import main; main({str(root)!r}, *{list(packages)!r})"
    command = [sys.executable, "-c", code]
    here = Path(__file__).parent.parent
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
