"""The forms of Mailpit's JSON that need a thought; the rest is in tests/contracts."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from spamlab.mailnet.reading import Reading
from spamlab.mailnet.shapes import moment_shape, unsubscribe_shape


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 2, 9, 14, 5, tzinfo=UTC), "2026-03-02T09:14:05Z"),
        (datetime(2026, 3, 2, 9, 14, 5, 120_000, tzinfo=UTC), "2026-03-02T09:14:05.120Z"),
        (datetime(2026, 3, 2, 9, 14, 5, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-03-02T09:14:05+05:45"),
    ],
)
def test_times_are_rfc_3339(moment: datetime, text: str) -> None:
    """UTC is "Z", other zones keep their offset."""
    assert moment_shape(moment) == text


def test_unsubscribe_links_are_mail_and_web_only() -> None:
    """Links of other schemes are left out, and a field without any is an error."""
    found = unsubscribe_shape(Reading(list_unsubscribe="<javascript:alert(1)>, <mailto:x@y.example>"))
    assert found["Links"] == ["mailto:x@y.example"]
    assert unsubscribe_shape(Reading(list_unsubscribe="none"))["Errors"]
    assert unsubscribe_shape(Reading()) == {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""}
