"""The manifest of the grading cluster: what its pods may do, and that Dask knows its words. No Kubernetes runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docker" / "kubernetes"


@pytest.fixture(scope="module")
def parts() -> list[dict[str, Any]]:
    """The manifest's documents."""
    return list(yaml.safe_load_all((FOLDER / "dask-cluster.yaml").read_text(encoding="utf-8")))


def pods(cluster: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The two kinds of pods."""
    return {name: cluster["spec"][name]["spec"] for name in ("worker", "scheduler")}


def test_pods_may_do_little(parts: list[dict[str, Any]]) -> None:
    """An ordinary user without capabilities on a read-only root, with the default filter, bounds and no account."""
    for pod in pods(parts[0]).values():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & set(pod)
        assert all(set(one) == {"name", "emptyDir"} for one in pod["volumes"])
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert set(container["resources"]["limits"]) == {"cpu", "memory"}
        assert {one["name"] for one in container["env"]} == {"HOME"}


def test_nobody_else_gets_in(parts: list[dict[str, Any]]) -> None:
    """The service stays inside the cluster, and the policies let these pods reach each other and the names alone."""
    service = parts[0]["spec"]["scheduler"]["service"]
    assert service["type"] == "ClusterIP"
    assert service["selector"]["dask.org/cluster-name"] == parts[0]["metadata"]["name"]
    policies = [one for one in parts if one["kind"] == "NetworkPolicy"]
    assert {kind for one in policies for kind in one["spec"]["policyTypes"]} == {"Ingress", "Egress"}
    for one in policies:
        assert one["spec"]["podSelector"]["matchLabels"] == {"dask.org/cluster-name": parts[0]["metadata"]["name"]}
    for rule in policies[0]["spec"]["ingress"]:
        assert rule["from"]
        assert "podSelector" in rule["from"][0] or [port["port"] for port in rule["ports"]] == [8787]


def test_dask_knows_the_options(parts: list[dict[str, Any]]) -> None:
    """Every option of the two commands is one of the installed Dask's."""
    pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")
    from distributed.cli import dask_scheduler, dask_worker

    for name, command in (("worker", dask_worker.main), ("scheduler", dask_scheduler.main)):
        words = pods(parts[0])[name]["containers"][0]["args"]
        assert words[:2] == ["dask", name]
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known


def test_one_version_of_dask() -> None:
    """The image has the Dask that the tests ran with."""
    wanted = re.search(r"^distributed==(\S+)", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.M)
    assert wanted
    assert f"distributed=={wanted[1]}\n" in (FOLDER / "Dockerfile").read_text(encoding="utf-8")


def test_kubernetes_own_kinds_are_valid(parts: list[dict[str, Any]]) -> None:
    """The parts that are Kubernetes' own fit its schema, and so do the pods inside the cluster's description."""
    validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    version = validate.latest_version()
    for one in parts[1:]:
        validate.validate(one, version, strict=True)
    for name, pod in pods(parts[0]).items():
        validate.validate({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": pod}, version,
                          strict=True)
