"""HTML to text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.mailnet.hypertext import html_to_text


def test_text_is_one_line() -> None:
    """Blocks and line breaks become blanks; scripts, styles and titles are no text."""
    html = "<title>t</title><h1>Bill</h1><p>Pay<br>now</p><style>p {}</style><script>alert(1)</script>"
    assert html_to_text(html + "<b>A</b>lpha &amp; &lt;") == "Bill Pay now Alpha & <"


def test_links_show_where_they_lead() -> None:
    """As a text in place of a missing text part, each link is followed by its target."""
    html = "<p>Click <a href='http://bad.example/'>your bank</a></p><p>Bye</p>"
    assert html_to_text(html, paragraphs=True) == "Click your bank ( http://bad.example/ )\n\nBye"


@settings(deadline=None)
@given(st.text(alphabet="<>/!-[]ab \"'&;#x=?", max_size=60) | st.text(max_size=60))
def test_no_text_makes_it_raise(html: str) -> None:
    """Any text can be read as HTML."""
    assert isinstance(html_to_text(html), str)
    assert isinstance(html_to_text(html, paragraphs=True), str)
