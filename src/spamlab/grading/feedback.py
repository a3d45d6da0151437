"""The feedback page: nbgrader's template, its body cleaned, in a page that needs no network.

nbgrader's own page asks the internet for MathJax and require.js and passes on whatever HTML a notebook holds.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter

from spamlab.grading.pages import MOST_KEPT, body_of, page

SHOWN = ("text/html", "text/markdown", "image/png", "image/jpeg", "text/latex", "text/plain", "application/json")
NBGRADERS = ("timestamp.txt", "submission_secret.txt")
"""Files by which nbgrader finds whose page it is."""
_KINDS = re.compile(
    r'(<li><a href="#([A-Za-z0-9_.-]{1,80})">)(Test cell|Coding free-response|Written response|Task)</a>')
LEFT_OUT = "This output is left out: it can only be shown in the notebook."


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """nbconvert's exporter of HTML, whose page runs nothing and fetches nothing.

    A template of the course's own (HTMLExporter.template_name) is used as it is; of its page the body stays.
    """

    def __init__(self, **given: Any) -> None:
        """As nbconvert's; one exporter makes the pages of all participants, and keeps what they have in common."""
        super().__init__(**given)
        self._markdown: dict[str, str] = {}
        self._code: dict[Any, Callable[..., str]] = {}

    def from_notebook_node(self, nb: Any, resources: Any = None, **rest: Any) -> tuple[str, Any]:
        """The page of a graded notebook."""
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [_shown(output) for output in cell.outputs]
            cell.pop("attachments", None)
        nb.metadata.pop("widgets", None)
        # As HTMLExporter's own, without its second look at every tag of the page.
        language = nb.metadata.get("language_info", {})
        self.register_filter("highlight_code", self._highlighter(language.get("pygments_lexer", language.get("name"))))
        resources = self._init_resources(resources)
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources))
        document, resources = TemplateExporter.from_notebook_node(self, nb, resources, **rest)
        document = _KINDS.sub(r"\1\2</a>", document)  # nbgrader's list calls each of them a test cell
        if "<img" in document:
            document = _described(document)
        title = str((resources or {}).get("nbgrader", {}).get("notebook") or "Feedback")
        return page(title, body_of(document)), resources

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Markdown as HTML; the same text, as all notebooks of a lab hold it, is read once."""
        if context.get("cell", {}).get("attachments"):
            return str(super().markdown2html(context, source))
        if source not in self._markdown:
            self._markdown[source] = str(super().markdown2html(context, source))
        return self._markdown[source]

    def _highlighter(self, lexer: Any) -> Callable[..., str]:
        if lexer not in self._code:
            plain = Highlight2HTML(pygments_lexer=lexer, parent=self)
            kept: dict[tuple[str, Any, Any], str] = {}

            def highlight(source: str, language: str | None = None, metadata: Any = None) -> str:
                key = (source, language, (metadata or {}).get("magics_language"))
                if len(source) > MOST_KEPT:
                    return str(plain(source, language, metadata))
                if key not in kept:
                    kept[key] = str(plain(source, language, metadata))
                return kept[key]

            self._code[lexer] = highlight
        return self._code[lexer]


def only_pages(notebooks: Sequence[str], **_names: str) -> None:
    """nbgrader's hook after it has written feedback: beside the pages nothing of the submission's files stays.

    nbgrader copies them there, pages of the participant's own too, and releases every page that it finds.
    """
    pages = {*NBGRADERS, *(Path(notebook).stem + ".html" for notebook in notebooks)}
    for folder in {Path(notebook).absolute().parent for notebook in notebooks}:
        place = folder.parents[2] / "feedback" / folder.parent.name / folder.name
        for path in place.iterdir() if place.is_dir() else ():
            if path.name in pages and path.is_file() and not path.is_symlink():
                continue
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _described(document: str) -> str:
    """The page with a text beside each picture that has none."""
    soup = BeautifulSoup(document, features="html.parser")
    for picture in soup.select("img:not([alt])"):
        picture.attrs["alt"] = "No description has been provided for this image"
    return str(soup)


def _shown(output: Any) -> Any:
    """An output with the forms that a page without scripts can show; their plain text where there is no other."""
    data = output.get("data")
    if not isinstance(data, Mapping):
        return output
    kept = {name: value for name, value in data.items() if name in SHOWN}
    if not set(kept) - {"application/json"}:
        kept = {"text/plain": json.dumps(kept["application/json"])[:2000] if kept else LEFT_OUT}
    kept.pop("application/json", None)
    if "text/latex" in kept and len(kept) > 1:  # nothing here sets formulas: the text beside one reads better
        del kept["text/latex"]
    output["data"] = kept
    return output
