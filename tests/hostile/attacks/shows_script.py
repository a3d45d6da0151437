# Shows markup, script, pictures with script and formulas with links in every way.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

script = "<script>window.stolen = document.cookie</script>"
display(HTML(script), Javascript("stolen()"), SVG("<svg onload='stolen()'></svg>"), Markdown(script))
display(Latex(r"\\href{javascript:stolen()}{x}"), Markdown("[x](javascript:stolen()) ![x](x onerror=stolen())"))
display({"text/html": script, "image/svg+xml": script, "application/javascript": "stolen()", "text/plain": script}, raw=True)


class Odd:
    def _repr_html_(self):
        return script

    def _repr_mimebundle_(self, *given, **more):
        return {"text/html": script, "application/vnd.jupyter.widget-view+json": {"model_id": script}}


Odd()
