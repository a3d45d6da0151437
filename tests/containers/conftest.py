"""A container engine for the tests: the one that runs here, or one of our own that ends with them.

SPAMLAB_CONTAINERS=0 skips all tests that need one. Without a registry the official images are stood in for: Python's
by a Debian made with mmdebstrap, Mailpit's by the program itself. Figures go to artifacts/containers.json.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from containers.engine import (
    CERTIFICATES,
    COMPOSE,
    MAILPIT,
    PYTHON,
    TAG,
    Engine,
    answering,
    client,
    install,
    mailpit_program,
    mirror,
    own_daemon,
    run,
    tidy,
)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine; skips with the reason where none is to be had."""
    if os.environ.get("SPAMLAB_CONTAINERS") == "0":
        pytest.skip("SPAMLAB_CONTAINERS=0: the containers are not tested")
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    found = client()
    if found and answering(found, environment):
        made = Engine(found, environment)
        yield made
        tidy(made)
        return
    if os.geteuid() != 0:
        pytest.skip("no container engine answers, and only root can start one of our own")
    if (found is None or shutil.which("dockerd") is None) and not (install("docker.io") and (found := client())):
        pytest.skip("no container engine: Docker is not installed, and apt-get could not install docker.io")
    with own_daemon() as socket:
        made = Engine(str(found), {**environment, "DOCKER_HOST": f"unix://{socket}"})
        yield made
        tidy(made)


@pytest.fixture(scope="session")
def base(engine: Engine) -> str:
    """The official Python image where a registry serves it, else a stand-in of the same Debian and Python."""
    if engine.has(PYTHON) or engine.call("pull", "-q", PYTHON, timeout=180, check=False).returncode == 0:
        engine.figures["base"] = PYTHON
        return PYTHON
    if shutil.which("mmdebstrap") is None and not install("mmdebstrap"):
        pytest.skip(f"no base image: no registry serves {PYTHON}, and mmdebstrap, which makes a stand-in, is missing")
    begin = time.monotonic()
    name = f"spamlab-base:{TAG}"
    hooks = ['rm -f "$1/usr/lib/python3.11/EXTERNALLY-MANAGED"', 'ln -s /usr/bin/python3 "$1/usr/local/bin/python"']
    if CERTIFICATES.exists():
        hooks.append(f"copy-in {CERTIFICATES} {CERTIFICATES.parent}/")
    with tempfile.TemporaryDirectory(prefix="spamlab-base-") as folder:
        file = Path(folder) / "base.tar"
        made = run(
            [
                "mmdebstrap",
                "--quiet",
                "--variant=minbase",
                *([] if os.geteuid() == 0 else ["--mode=unshare"]),
                "--include=python3,python3-pip,python3-venv,ca-certificates",
                *(f"--customize-hook={hook}" for hook in hooks),
                "bookworm",
                str(file),
                *mirror(),
            ],
            timeout=420,
            check=False,
        )
        if made.returncode != 0:
            pytest.skip(f"no base image: mmdebstrap could not make the stand-in:\n{made.stderr[-600:]}")
        engine.call("import", "-c", 'CMD ["python3"]', "-c", f"ENV SSL_CERT_FILE={CERTIFICATES}", str(file), name)
    engine.images.append(name)
    engine.figures["base"] = "stand-in: Debian 12 with its Python 3.11"
    engine.figures["base seconds"] = round(time.monotonic() - begin, 1)
    return name


@pytest.fixture(scope="session")
def images(engine: Engine, base: str) -> dict[str, str]:
    """Both images, built from the tree: "workshop" and "lab" by their names."""
    names = {}
    for target in ("workshop", "lab"):
        name = f"spamlab-{target}:{TAG}"
        arguments = ["--build-arg", f"PYTHON_IMAGE={base}"]
        if "PIP_INDEX_URL" in os.environ:
            arguments += ["--build-arg", "PIP_INDEX_URL"]
        begin = time.monotonic()
        engine.call("build", "-f", "docker/Dockerfile", "--target", target, "-t", name, *arguments, ".", timeout=400)
        engine.images.append(name)
        engine.figures[f"{target} build seconds"] = round(time.monotonic() - begin, 1)
        engine.figures[f"{target} MB"] = round(int(engine.says("image", "inspect", "-f", "{{.Size}}", name)) / 1e6)
        names[target] = name
    engine.figures["base MB"] = round(int(engine.says("image", "inspect", "-f", "{{.Size}}", base)) / 1e6)
    return names


@pytest.fixture(scope="session")
def mailpit(engine: Engine, base: str) -> str:
    """The real Mailpit as an image: the official one where a registry serves it, else one made of the program."""
    official = f"axllent/mailpit:v{MAILPIT}"
    if engine.has(official) or engine.call("pull", "-q", official, timeout=60, check=False).returncode == 0:
        return official
    program = mailpit_program()
    if program is None:
        pytest.skip(
            "no Mailpit: no registry serves its image, and neither SPAMLAB_MAILPIT, mailpit on PATH nor Go is here"
        )
    name = f"spamlab-mailpit:{TAG}"
    with tempfile.TemporaryDirectory(prefix="spamlab-mailpit-") as folder:
        shutil.copy(program, Path(folder) / "mailpit")
        (Path(folder) / "Dockerfile").write_text(
            f'FROM {base}\nCOPY --chmod=755 mailpit /mailpit\nENTRYPOINT ["/mailpit"]\n', encoding="utf-8"
        )
        engine.call("build", "-t", name, folder, timeout=120)
    engine.images.append(name)
    return name


@pytest.fixture(scope="session")
def compose(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of Docker Compose 2 or later: the engine's plugin, a program, or PyPI's in a place of its own."""
    if engine.call("compose", "version", check=False).returncode == 0:
        return [engine.client, "compose"]
    found = shutil.which("docker-compose")
    if found and " v1." not in run([found, "--version"], check=False).stdout.replace("version 1.", "v1."):
        return [found]
    place = tmp_path_factory.mktemp("compose")
    run([sys.executable, "-m", "venv", str(place)], timeout=120)
    done = run([str(place / "bin/pip"), "install", "--quiet", COMPOSE], timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip(f"no Docker Compose: it is not installed, and {COMPOSE} could not be:\n{done.stderr[-400:]}")
    return [str(place / "bin/docker-compose")]
