# Registers magics and events that run before and after each cell.
# cell: q1-open
# points: q1=0 q2=0 q3=0
from IPython.core.magic import register_cell_magic, register_line_magic


@register_line_magic
def check(line):
    return 1000.0


@register_cell_magic
def time(line, cell):
    return 1000.0


shell = get_ipython()
for name in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(name, lambda *given: print("1000.0"))
shell.set_custom_exc((BaseException,), lambda *given, **more: print("1000.0"))
