"""The rehearsal's report."""

from spamlab.reporting.rehearsal_report import ScoreRow, report_page, report_table

EQUAL = ScoreRow("p01", "perfect", "02-header-forensics", 24.0, 24.0, 24.0)
DIFFERS = ScoreRow("p02", "hostile", "02-header-forensics", 2.0, 24.0, 24.0)


def test_a_difference_is_said_in_words() -> None:
    """A score that differs changes the outcome sentence and marks its row with a word, not by colour alone."""
    good = report_page("A workshop", [EQUAL], seconds=1, sandbox="bubblewrap")
    bad = report_page("A workshop", [EQUAL, DIFFERS], seconds=1, sandbox="bubblewrap")
    assert "All scores are as expected." in good
    assert "≠ differs" not in good
    assert "Some scores are not as expected." in bad
    assert bad.count("≠ differs") == 1


def test_hostile_names_are_escaped() -> None:
    """A participant's name with markup in it can't put a script into the report."""
    row = ScoreRow("<script>alert(1)</script>", "perfect", "lab", 1, 1, 1)
    assert "<script>" not in report_page("t", [row], seconds=1, sandbox="x", notes=["<script>"])


def test_the_table_names_each_difference() -> None:
    """The terminal's table says DIFFERS once for one difference."""
    assert report_table([EQUAL, DIFFERS]).count("DIFFERS") == 1
    assert "DIFFERS" not in report_table([EQUAL])


def test_equal_means_to_a_thousandth() -> None:
    """Rounding in a database does not count as a difference; a hundredth of a point does."""
    assert ScoreRow("p", "k", "l", 1.0, 1.0004, 2).equal
    assert not ScoreRow("p", "k", "l", 1.0, 1.01, 2).equal
