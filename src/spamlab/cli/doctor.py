"""`spamlab doctor`: what of this machine works, what falls back, and why."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"checks": [{"what", "ok", "detail", "instead"}]}.')
def command(as_json: bool) -> None:
    """Say what of this machine works, what falls back, and why.

    Exit status 0 if a workshop can run, even where something falls back.
    """
    from spamlab.workshop.doctor import examine

    checks = examine()
    if as_json:
        click.echo(json.dumps({"checks": [check.as_json() for check in checks]}, ensure_ascii=False, indent=1))
    else:
        width = max(len(check.what) for check in checks)
        for check in checks:
            click.echo(
                f"{'ok  ' if check.ok else 'no  ' if check.needed else 'less'} {check.what:<{width}}  {check.detail}"
            )
            if not check.ok and check.instead:
                click.echo(f"     {'':<{width}}  {'→ ' + check.instead}")
    if any(check.needed and not check.ok for check in checks):
        sys.exit(1)
