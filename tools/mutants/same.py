"""Changes that make no other program, or decide nothing: the module, what they are in, the line before and after, and why."""

from __future__ import annotations

from dataclasses import dataclass

from tools.mutants.changes import Mutant


@dataclass(frozen=True)
class Same:
    """A change that no test could object to. It is known by its text, so that one whose line is written anew is asked again."""

    module: str
    within: str
    was: str
    becomes: str
    why: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether a mutant is this change."""
        place = mutant.place
        return (place.module, place.within, mutant.was, mutant.becomes) == (
            self.module,
            self.within,
            self.was,
            self.becomes,
        )


_PAIRS = "pairs = [(seen[0][change], seen[1][change]) for change in seen[0]]"
_WHOLE = 'return whole + (short > 0 and (self.last_batch == "keep" or whole == 0))'
_SHARES = "shares = [a - share * b for a, b in zip(one.shares, other.shares, strict=True)]"

_NEITHER = (
    "nearer, succeed = (sum(f) for f in zip(*((s.gain > 0, s.succeeds is True) for s in found), strict=True))"
)
_RANKS = "low, high = math.floor(0.95 * points - reach), math.ceil(0.95 * points + reach)"
_RIGHT = "(right + out.sum()) / len(sample) for right, out, sample in zip(told, gone, samples, strict=True)"
_EXAMPLE = (
    'example: ClassVar = {"learning_rate": 0.002, "retain_share": 0.8, "forget_batch": 10, "batch_size": 30}'
)

SAME: tuple[Same, ...] = (
    Same(
        "empirics/findings/da_fails.py",
        "_neither",
        _NEITHER,
        _NEITHER.replace("strict=True", "strict=False"),
        "all are pairs",
    ),
    Same(
        "empirics/scores/epsilon.py",
        "forgetting_quality",
        "index = np.floor(np.minimum(epsilon, 1e9) / BIN)",
        "index = np.floor(np.minimum(epsilon, 1010000000.0) / BIN)",
        "either is beyond all bins",
    ),
    Same(
        "empirics/scores/u_lira.py",
        "u_lira",
        _RIGHT,
        _RIGHT.replace("True", "False"),
        "all are pairs",
    ),
    Same(
        "empirics/klom/floor.py",
        "null_floor",
        _RANKS,
        _RANKS.replace("ceil(0.95", "ceil( -0.050000000000000044"),
        "counted from the end it is the same value",
    ),
    Same(
        "empirics/klom/histogram.py",
        "by_cell",
        "high = np.where(high == low, low + 1, high)",
        "high = np.where(high <= low, low + 1, high)",
        "the largest is not below the least",
    ),
    Same(
        "empirics/store.py",
        "Result.array",
        'return np.load(path, mmap_mode="r", allow_pickle=False)',
        'return np.load(path, mmap_mode="r", allow_pickle=True)',
        "objects cannot be mapped into memory",
    ),
    Same(
        "empirics/methods/oracle_matching.py",
        "OracleMatchingConfig",
        _EXAMPLE,
        _EXAMPLE.replace("0.002", "0.00202"),
        "a setting at which the contract tries the method",
    ),
    Same(
        "empirics/methods/noisy_descent.py",
        "NoisyDescentConfig",
        'example: ClassVar = {"learning_rate": 0.01, "noise": 0.01, "clip": 0.3, "batch_size": 30}',
        'example: ClassVar = {"learning_rate": 1.01, "noise": 0.01, "clip": 0.3, "batch_size": 30}',
        "a setting at which the contract tries the method",
    ),
    Same(
        "empirics/findings/klom_n.py",
        "needed",
        _PAIRS,
        _PAIRS.replace("in seen[0]", "in seen[ 1]"),
        "both lists are of the same changes",
    ),
    Same(
        "empirics/findings/klom_n.py",
        "needed",
        _PAIRS,
        _PAIRS.replace("in seen[0]", "in seen[ -1]"),
        "both lists are of the same changes",
    ),
    Same(
        "empirics/findings/outcome.py",
        "Snapshot",
        "rows: Mapping[str, Row] = field(repr=False)",
        "rows: Mapping[str, Row] = field(repr=True)",
        "what is printed of a record in a debugger",
    ),
    Same(
        "empirics/findings/outcome.py",
        "apart",
        _SHARES,
        _SHARES.replace("True", "False"),
        "lengths are compared on the line before",
    ),
    Same(
        "theory/check/kernel.py",
        "_by_sign",
        'frame.positive(frame.value(f), sign == ">")',
        'frame.positive(frame.value(f), sign <= ">")',
        "the sign is > or ≥, and '>=' comes after '>'",
    ),
    Same(
        "theory/check/kernel.py",
        "_by_monotone",
        'check(ranges, sign, pair if values == f else ("^", pair, 2), node["proof"], known)',
        'check(ranges, sign, pair if values <= f else ("^", pair, 2), node["proof"], known)',
        "what it is else is a product, and '+' comes after '*'",
    ),
    Same(
        "empirics/scores/energy.py",
        "_with_misses",
        "kept = np.where(lost, 0.0, y)",
        "kept = np.where(lost, -1.0, y)",
        "one more place for the misses, between those where what they gain is largest",
    ),
    Same(
        "theory/check/kernel.py",
        "_by_growth",
        'demand(not any(symbol in names(end) for r in ranges for end in r[1:3]), "an end depends on the symbol")',
        'demand(not any(symbol in names(end) for r in ranges for end in r[1: 4]), "an end depends on the symbol")',
        "whether an end is open is no symbol",
    ),
    Same(
        "empirics/ensemble.py",
        "TrainConfig.per_epoch",
        _WHOLE,
        _WHOLE.replace("whole ==", "whole <="),
        "a count is not negative",
    ),
    *(
        Same(
            "empirics/klom/floor_law.py",
            "_expected_maximum",
            "grid = np.linspace(-8, 8, 16_001)",
            f"grid = np.linspace(- {end}, 8, 16_001)",
            "the law is 0 there to 20 digits",
        )
        for end in (7, 9)
    ),
    Same(
        "theory/check/frame.py",
        "Frame.element",
        "if kind == 1:",
        "if kind <= 1:",
        "kind 0 has been answered before",
    ),
    Same(
        "theory/check/kernel.py",
        "_by_level",
        'minus(a, at_level) if upper == (head == "W-1") else minus(at_level, a),',
        'minus(a, at_level) if upper == (head <= "W-1") else minus(at_level, a),',
        "of the three heads 'W-1' is the first",
    ),
)


def reason(mutant: Mutant) -> str | None:
    """Return why a mutant is the same program, or None."""
    return next((one.why for one in SAME if one.is_of(mutant)), None)
