"""Random policies for the property tests: any instruments in any order, with any settings that go together."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from spamlab.policy.document import WEEKS_A_YEAR, Measure, Policy
from spamlab.policy.economies import economy_names
from spamlab.policy.instruments import Instrument, Setting, read_instruments

INSTRUMENTS = read_instruments()
# What a text may hold: any letters and marks, lines and quotes, but no control characters.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")) | st.sampled_from("\n\t\"\\'#="),
                max_size=60)
TITLES = WORDS.map(lambda text: f"A {text}".replace("\n", " "))


def _setting(one: Setting) -> st.SearchStrategy[Any]:
    if one.kind == "choice":
        return st.sampled_from(one.values)
    if one.kind == "many":
        return st.sets(st.sampled_from(one.values), min_size=1).map(
            lambda values: tuple(value for value in one.values if value in values))
    if one.kind == "switch":
        return st.booleans()
    return st.integers(round(one.least), round(one.most)) | st.floats(one.least, one.most)


def settings(instrument: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    """Complete settings of an instrument that go together."""
    drawn = st.fixed_dictionaries({one.name: _setting(one) for one in instrument.settings})
    return drawn.filter(lambda values: not instrument.conflicts_in(values))


def _wide(instrument: str, values: dict[str, Any]) -> dict[str, Any]:
    """Settings with which every other measure's lie within these."""
    one = INSTRUMENTS[instrument].setting("channels")
    return {**values, "channels": one.values} if instrument == "consent-law" and one else values


@st.composite
def policies(draw: st.DrawFn, most: int = 14) -> Policy:
    """A policy that can be read: all needs are in it."""
    years = draw(st.integers(1, 5))
    names = draw(st.lists(st.sampled_from(list(INSTRUMENTS)), unique=True, max_size=most))
    for name in names:
        names += [need for need in INSTRUMENTS[name].needs if need not in names]
    names = draw(st.permutations(names))
    measures = tuple(Measure(name, draw(st.integers(0, years * WEEKS_A_YEAR - 1)),
                             _wide(name, draw(settings(INSTRUMENTS[name])))) for name in names)
    text = {key: value for key in ("purpose", "proportionality", "rights", "remedies") if (value := draw(WORDS))}
    return Policy(draw(TITLES), draw(st.sampled_from(economy_names())), years, measures, text)


