"""HTML from strangers made harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.grading.pages import body_of, clean, clean_cells, page

HOSTILE = [
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js>", "<svg onload=alert(1)><script>1</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>", "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/p.png>", "<img srcset='https://evil.example/p.png 2x'>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>", "<a href='data:text/html,<script>1</script>'>x</a>",
    "<a href='vbscript:x'>x</a>", "<img src='data:image/svg+xml;base64,AAAA'>", "<iframe srcdoc='<b>x'></iframe>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<base href='https://evil.example/'>",
    "<form action='https://evil.example'><input name=a><button>Go</button></form>", "<object data=x></object>",
    "<embed src=x>", "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>*{background:url(//e.example)}",
    "<p style='background:url(https://evil.example/x)'>x</p>", "<p style='width:expression(alert(1))'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:100%'>x</p>",
    "<p style=\"font-family:'x';background-image:url(//e)\">",
    "<p style='color:url(//evil.example)'>x</p>", "<video src=https://evil.example autoplay></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<noscript><p title='</noscript><img src=x "
    "onerror=alert(1)>'>", "<!--><img src=x onerror=alert(1)>-->", "<body onload=alert(1)>",
    "</body><script>1</script>",
    "<details open ontoggle=alert(1)>x</details>", "<td background=https://evil.example/x>",
    "<a ping=//e.example href=#x>",
    "<template><img src=x onerror=alert(1)></template>", "<textarea></textarea><select></select>",
    "<img src=\"data:image/png;base64,AA\" onload=\"alert(1)\">", "<svg><foreignObject><iframe src=//e></svg>",
]
TAG = re.compile(r"<\s*/?\s*([a-zA-Z][\w:-]*)([^>]*)>")


BAD = frozenset([
    "script", "svg", "math", "iframe", "meta", "base", "form", "input", "button", "object", "embed", "link", "style",
    "video", "audio", "template", "textarea", "select", "body", "noscript", "foreignobject"])


def harmless(markup: str) -> None:
    """No tag, attribute or address in it that runs, fetches or sends."""
    for name, rest in TAG.findall(markup):
        assert name.lower() not in BAD, markup
        bare = re.sub(r'="[^"]*"', "", rest).lower()
        assert not re.search(r"\bon\w+|srcset|ping|background|formaction|xlink", bare), markup
        assert not re.search(r'\bsrc="(?!data:image/(png|jpeg|gif);base64,)', rest), markup
        href = re.search(r'\bhref="([^"]*)"', rest)
        assert href is None or re.match(r"#|https?://|mailto:", href[1]), markup
        style = re.search(r'\bstyle="([^"]*)"', rest)
        assert style is None or not re.search(r"url|\(|position|expression|@", style[1]), markup


@pytest.mark.parametrize("markup", HOSTILE)
def test_hostile_markup_is_harmless(markup: str) -> None:
    """Each known trick leaves nothing that runs, fetches or sends; a tag that is never closed too."""
    harmless(clean(f"<p>before</p>{markup}<p>after</p>"))
    assert "before" in clean(f"<p>before</p>{markup}")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*HOSTILE, "<", ">", "'", '"', "&lt;", "<p>", "</p>", "text", "<!--", "-->", "\0"]),
                max_size=6).map("".join))
def test_mixed_markup_is_harmless(markup: str) -> None:
    """No mixture of the tricks gets through, and cleaning twice changes nothing dangerous."""
    once = clean(markup)
    harmless(once)
    harmless(clean(once))


def test_what_an_author_needs_stays() -> None:
    """Tables, details, classes, plain styles, links, anchors and pictures of points stay as they are."""
    kept = ('<div class="spamlab" lang="ar" dir="rtl" style="color: #123; text-align: center"><table><tbody><tr><td '
            'colspan="2">a</td></tr></tbody></table><details open><summary>More</summary>b</details>'
            '<a href="https://www.rfc-editor.org/rfc/rfc5321">RFC</a><a name="q1"></a><a href="#q1">up</a>'
            '<img alt="x" src="data:image/png;base64,AAAA"></div>')
    assert clean(kept) == kept


def test_a_page_needs_no_network() -> None:
    """The page forbids scripts and requests first of all, its title is text, and it holds one body."""
    made = page("</title><script>1</script>", "<p>x</p></body><body onload=1>")
    assert made.index("Content-Security-Policy") < made.index("<style>")
    assert "default-src 'none'" in made
    assert "<script" not in made
    assert made.count("<body") == 1
    assert not re.search(r"url\(|@import|https?://", made)


def test_the_body_of_a_document() -> None:
    """The body is found whatever a participant writes into it."""
    assert body_of("<html><head><title>t</title></head><body class=x>a</body>b</body></html>") == "a</body>b"
    assert body_of("no body") == "no body"


def test_no_cell_reaches_over_its_end() -> None:
    """What a cell opens and never ends (a tag, a comment, a script) swallows nothing of the cells after it."""
    cell = '<div class="cell border-box-sizing code_cell rendered">{}</div>'
    other = '<div id="cell-id=1" class="cell border-box-sizing text_cell rendered">{}</div>'
    for open_end in ("<b><table><tr>", "<!-- ", "<script>x = 1", "<textarea>", "<plaintext>", "</div></div></div>",
                     '<div class="cell border-box-sizing ', "<style>"):
        found = clean_cells('<div class="container">' + cell.format(open_end) + other.format("last") + "</div>")
        assert found.count("<div") == found.count("</div>")
        assert re.search(r'<div class="cell border-box-sizing text_cell rendered"[^>]*>last</div>', found) or re.search(
            r'<div [^>]*class="cell border-box-sizing text_cell rendered">last</div>', found), open_end
        assert found.startswith('<div class="container">')
        assert "script" not in found


def test_cells_are_cleaned_as_the_whole_is() -> None:
    """Ordinary cells come out as they do when the page is cleaned in one piece, blank lines between them apart."""
    cells = [f'<div class="cell border-box-sizing code_cell rendered"><pre>{text}</pre></div>' for text in "abc"]
    body = '<h1 id="t">T</h1><div class="container">' + "".join(cells) + "</div>"
    assert re.sub(r"\n", "", clean_cells(body)) == re.sub(r"\n", "", clean(body))
