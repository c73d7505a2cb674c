"""The service in `deploy/`: manifests that Kubernetes and the service itself would take."""

from __future__ import annotations

import copy
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml

from deploy_kit import DEPLOY, USER, parsed
from photochrom.cli.app import app

RELEASES = ("1.30", kubernetes_validate.latest_version())
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "service.yaml").read_text()))
PODS = {
    one["metadata"]["name"]: one["spec"]["template"]
    for one in MANIFESTS
    if one["kind"] == "Deployment"
}
SETTINGS = "PHOTOCHROM_SERVICE_"


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: one["metadata"]["name"])
def test_manifests_are_of_kubernetes(manifest: Any, release: str) -> None:
    kubernetes_validate.validate(manifest, release, strict=True)


def test_what_is_wrong_in_a_manifest_would_be_seen() -> None:
    manifest = copy.deepcopy(next(one for one in MANIFESTS if one["kind"] == "Deployment"))
    manifest["spec"]["template"]["spec"]["containers"][0]["readOnly"] = True
    with pytest.raises(kubernetes_validate.ValidationError, match="readOnly"):
        kubernetes_validate.validate(manifest, RELEASES[-1], strict=True)


def test_the_service_finds_what_answers() -> None:
    service = next(one for one in MANIFESTS if one["kind"] == "Service")
    web = PODS["photochrom-web"]
    assert service["spec"]["selector"].items() <= web["metadata"]["labels"].items()
    (port,) = web["spec"]["containers"][0]["ports"]
    assert port["name"] == service["spec"]["ports"][0]["targetPort"]
    probes = [web["spec"]["containers"][0][f"{kind}Probe"] for kind in ("liveness", "readiness")]
    assert [probe["httpGet"]["path"] for probe in probes] == ["/healthz", "/readyz"]


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_pods_are_nobody_and_write_only_where_it_is_limited(pod: Any) -> None:
    spec = pod["spec"]
    assert spec["securityContext"]["runAsUser"] == USER
    assert not spec["automountServiceAccountToken"]
    assert spec["serviceAccountName"] == parsed("serviceaccount.yaml")["metadata"]["name"]
    assert all(volume["emptyDir"]["sizeLimit"] for volume in spec["volumes"])
    (container,) = spec["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["resources"]["limits"]["memory"]
    assert {"/cache", "/tmp"} == {mount["mountPath"] for mount in container["volumeMounts"]}


def _commands() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Words and environment of each of our containers, wherever it is described."""
    composed = parsed("compose-service.yaml")["services"]
    pods = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}
    return {
        **{
            name: (one["command"], one["environment"])
            for name, one in composed.items()
            if "build" in one
        },
        **{
            name: (one["args"], {each["name"]: each["value"] for each in one["env"]})
            for name, one in pods.items()
        },
    }


@pytest.mark.parametrize(("words", "environment"), _commands().values(), ids=_commands())
def test_a_container_has_a_command_and_settings_that_the_service_knows(
    words: list[str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = pytest.importorskip("photochrom.service.settings", reason="the service is an extra")
    for name, value in environment.items():
        if name.startswith(SETTINGS) and "${" not in value:
            monkeypatch.setenv(name, value)
    read = settings.Settings.read()
    assert str(read.data) == "/cache/service"
    name, *rest = words
    context = click.Context(app, info_name="photochrom")
    command = app.get_command(context, name)
    assert command is not None
    command.make_context(name, list(rest), parent=context)


def test_all_of_them_share_a_database_and_a_bucket() -> None:
    for _, environment in _commands().values():
        assert SETTINGS + "STORAGE" in environment
    for pod in PODS.values():
        assert pod["spec"]["containers"][0]["envFrom"] == [
            {"secretRef": {"name": "photochrom-service"}}
        ]
    composed = parsed("compose-service.yaml")["services"]
    assert all(
        "@database/" in composed[name]["environment"][SETTINGS + "DATABASE"]
        for name in ("web", "executor")
    )
