"""What the rehearsal looks at beside the scores."""

from spamlab.judge.entries import Entry
from spamlab.rehearsal.findings import of_ledger, of_traces
from spamlab.rehearsal.hostile import Attack
from spamlab.rehearsal.players import Play

HONEST = Play("p01", "honest")
HOSTILE = Play("p02", "hostile:exits", attacks=[Attack("exits", "exit()", ends=True)])
TRACE = [{"code": "ends-interpreter", "where": "q1-open", "sentence": "It ends."}]


def test_an_attack_without_a_trace_and_an_honest_one_with_one_are_said() -> None:
    """Nothing is said where the hostile one alone has traces; else a sentence for each."""
    assert of_traces("lab", [HONEST, HOSTILE], [{"participant": "p02", "traces": TRACE}]) == []
    found = of_traces("lab", [HONEST, HOSTILE], [{"participant": "p01", "traces": TRACE}])
    assert len(found) == 2
    assert "p01 (honest) did nothing odd" in found[0]
    assert "p02" in found[1]
    assert "left no trace" in found[1]


def test_what_the_ledger_lacks_is_said() -> None:
    """A mistake of class, a hint and the code of a grade must all be there, each of its own participant."""
    play = Play("p03", "mistake:q1:top-first", [("q1", 1, "mistake", "top-first")], hints=["q1", "q9"],
                codes={"q1": "top-first"})
    whole = [Entry("p03", "lab", "q1", "tried", code="top-first"), Entry("p03", "lab", "q1", "hint", code="1"),
             Entry("p03", "lab", "q1", "graded", code="top-first")]
    assert of_ledger("lab", [play, HONEST], whole, {"q1"}) == []
    for left in whole:
        assert len(of_ledger("lab", [play], [one for one in whole if one is not left], {"q1"})) == 1
    assert len(of_ledger("lab", [play], [Entry("p04", "lab", "q1", "tried", code="top-first")], {"q1"})) == 3
