"""Sensitivity of any function of parameters: Morris' screen and Sobol's indices by SALib. Knows nothing of policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import UsageError

Array = NDArray[np.float64]
Function = Callable[[Mapping[str, Array]], Array]
"""Takes, by name, where each parameter stands in its range, 0 its low and 1 its high end, (runs,); gives (runs,)."""
LEVELS = 4
"""Levels of Morris' grid, even as his design asks (Morris 1991, section 3)."""


@dataclass(frozen=True)
class Effect:
    """What Morris' screen says of one parameter, in units of the output for a walk over its whole range.

    size: mean of the absolute elementary effects ("mu star", Campolongo et al. 2007), with the half width of its 95 %
    interval. slope: mean of the effects with their sign. spread: their standard deviation; large against size where the
    effect is bent or depends on other parameters.
    """

    parameter: str
    size: float
    half_width: float
    slope: float
    spread: float


@dataclass(frozen=True)
class Index:
    """Sobol's indices of one parameter: shares of the output's variance, each with the half width of its 95 % interval.

    first: by the parameter alone. total: with everything it has a part in. Both are estimates: they may lie a little
    below 0 or above 1.
    """

    parameter: str
    first: float
    first_half_width: float
    total: float
    total_half_width: float


def morris(function: Function, names: Sequence[str], *, walks: int = 10, seed: int = 0) -> tuple[Effect, ...]:
    """The effects of all parameters, the largest first, from walks x (names + 1) runs in one batch.

    Raises UsageError where a walk or a name is missing.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    if walks < 2 or not names:
        raise UsageError("a screen needs at least two walks and one parameter.")
    problem = _problem(names)
    matrix = sampling.sample(problem, walks, num_levels=LEVELS, seed=seed)
    found = analysis.analyze(problem, matrix, _values(function, names, matrix), num_levels=LEVELS, seed=seed)
    effects = [Effect(name, *(float(found[key][number]) for key in ("mu_star", "mu_star_conf", "mu", "sigma")))
               for number, name in enumerate(names)]
    return tuple(sorted(effects, key=lambda effect: -effect.size))


def sobol(function: Function, names: Sequence[str], *, base: int = 1024, seed: int = 0) -> tuple[Index, ...]:
    """The indices of all parameters, the largest total first, from base x (names + 2) runs in one batch.

    base: a power of two, else Sobol's points lose their balance. Raises UsageError for another, or without a name.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if base < 2 or base & (base - 1) or not names:
        raise UsageError(f"Sobol's indices need a power of two as base, not {base}, and at least one parameter.")
    problem = _problem(names)
    # Second order in neither call: the estimators read the matrix by its layout.
    matrix = sampling.sample(problem, base, calc_second_order=False, seed=seed)
    values = _values(function, names, matrix)
    if np.ptp(values) == 0:
        return tuple(Index(name, 0.0, 0.0, 0.0, 0.0) for name in names)
    found = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    indices = [Index(name, *(float(found[key][number]) for key in ("S1", "S1_conf", "ST", "ST_conf")))
               for number, name in enumerate(names)]
    return tuple(sorted(indices, key=lambda index: -index.total))


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _values(function: Function, names: Sequence[str], matrix: Array) -> Array:
    values = np.asarray(function({name: matrix[:, number] for number, name in enumerate(names)}), dtype=float)
    if values.shape != (len(matrix),) or not np.isfinite(values).all():
        raise UsageError("the function must give one finite number for each run.")
    return values
