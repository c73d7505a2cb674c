"""Clusters in `deploy/`: held to the schemas of those who read them, and to our own promises."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import jsonschema
import kubernetes_validate
import pytest

from deploy_kit import CLUSTERS, DEPLOY, ROOT, USER, cluster_of, locked, parsed, templates_of

PLAIN = ("serviceaccount.yaml", "networkpolicy.yaml")
# Of Kubernetes, by whose schemas pods are checked: an old one and the latest that the package has.
RELEASES = ("1.30", kubernetes_validate.latest_version())

TEMPLATES = [
    pytest.param(name, template, id=f"{name}: {what}")
    for name in CLUSTERS
    for what, template in templates_of(name)
]


# -- the compose file -----------------------------------------------------------------------------


COMPOSED = [("compose.yaml", "example.env"), ("compose-service.yaml", "service.env")]


@pytest.mark.parametrize("name", [name for name, _ in COMPOSED])
def test_a_compose_file_is_one(name: str) -> None:
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*checker, DEPLOY / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "settings"), COMPOSED)
def test_every_setting_of_a_compose_file_is_explained_with_its_default(
    name: str, settings: str
) -> None:
    used = set(re.findall(r"\$\{(\w+):-([^}]*)\}", (DEPLOY / name).read_text()))
    text = (DEPLOY / settings).read_text()
    explained = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)
    assert len(explained) == len(dict(explained)) and set(explained) == used
    paragraphs = text.strip().split("\n\n")
    assert all(paragraph.startswith("# ") for paragraph in paragraphs)


def test_containers_of_compose_are_read_only_and_open_to_this_machine_only() -> None:
    files = {name: parsed(name)["services"] for name, _ in COMPOSED}
    services = {f"{file} {name}": one for file, of in files.items() for name, one in of.items()}
    ours = [one for one in services.values() if "build" in one]
    assert len(ours) == 4
    for one in ours:
        assert one["read_only"] and one["cap_drop"] == ["ALL"]
        assert any(place.endswith("/cache") for place in one["volumes"])
        assert one["tmpfs"][0].startswith("/tmp:")
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def _ray_start() -> list[list[str]]:
    services = parsed("compose.yaml")["services"].values()
    ours = [one["command"] for one in services if one.get("entrypoint") == ["ray", "start"]]
    groups = [
        group["rayStartParams"]
        for name in CLUSTERS
        for group in [cluster_of(name)["headGroupSpec"], *cluster_of(name)["workerGroupSpecs"]]
    ]
    theirs = [[f"--{name}={value}" for name, value in group.items()] for group in groups]
    return [*ours, *theirs]


@pytest.mark.parametrize("words", _ray_start(), ids=" ".join)
def test_ray_knows_how_it_is_started(words: list[str]) -> None:
    scripts = pytest.importorskip("ray.scripts.scripts", reason="Ray is not installed")
    given = [re.sub(r"\$\{\w+:-(.*)\}", r"\1", word) for word in words]
    scripts.start.make_context("start", given)


# -- the manifests --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_manifest_is_of_a_kind_of_kuberay(name: str) -> None:
    schema = json.loads((ROOT / "tests/kuberay_schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(parsed(name), schema)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("spec", "rayVerson"), "2.60.0"),
        (("spec", "headGroupSpec", "rayStartParams", "num-cpus"), 0),
        (("spec", "workerGroupSpecs", 0, "maxReplicas"), "20"),
        (("kind",), "RayService"),
    ],
)
def test_what_is_wrong_in_a_manifest_would_be_seen(place: tuple[Any, ...], value: object) -> None:
    manifest = parsed("raycluster.yaml")
    *way, last = place
    inside = manifest
    for step in way:
        inside = inside[step]
    inside[last] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest, json.loads((ROOT / "tests/kuberay_schema.json").read_text()))


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("name", "template"), TEMPLATES)
def test_a_template_is_a_pod_of_kubernetes(name: str, template: Any, release: str) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", **template}
    pod["metadata"] = {"name": "x", **template.get("metadata", {})}
    kubernetes_validate.validate(pod, release, strict=True)


def test_what_is_wrong_in_a_pod_would_be_seen() -> None:
    _, template = next(templates_of("rayjob.yaml"))
    pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": {"name": "x"}}
    pod["spec"]["containers"][0]["imagePolicy"] = "Always"
    with pytest.raises(kubernetes_validate.ValidationError, match="imagePolicy"):
        kubernetes_validate.validate(pod, RELEASES[-1], strict=True)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", PLAIN)
def test_other_manifests_are_of_kubernetes(name: str, release: str) -> None:
    kubernetes_validate.validate(parsed(name), release, strict=True)


@pytest.mark.parametrize(("name", "template"), TEMPLATES)
def test_pods_are_nobody_and_write_only_where_it_is_limited(name: str, template: Any) -> None:
    spec = template["spec"]
    user = spec["securityContext"]
    assert user["runAsNonRoot"] and user["runAsUser"] == USER
    assert user["seccompProfile"] == {"type": "RuntimeDefault"}
    volumes = {one["name"]: one for one in spec["volumes"]}
    assert all(one["emptyDir"]["sizeLimit"] for one in volumes.values())
    for container in spec["containers"]:
        sealed = container["securityContext"]
        assert sealed["readOnlyRootFilesystem"] and not sealed["allowPrivilegeEscalation"]
        assert sealed["capabilities"] == {"drop": ["ALL"]}
        assert {"/tmp"} <= {mount["mountPath"] for mount in container["volumeMounts"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes.keys()
        assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]


@pytest.mark.parametrize(("name", "template"), TEMPLATES)
def test_the_network_policy_is_about_all_pods(name: str, template: Any) -> None:
    policy = parsed("networkpolicy.yaml")["spec"]
    wanted = policy["podSelector"]["matchLabels"].items()
    assert wanted <= template["metadata"]["labels"].items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_keeps_the_rules_that_kuberay_has_besides_its_schema(name: str) -> None:
    cluster = cluster_of(name)
    assert cluster["enableInTreeAutoscaling"] and cluster["autoscalerOptions"]["version"] == "v2"
    groups = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
    assert all(one["template"]["spec"]["restartPolicy"] == "Never" for one in groups)
    assert cluster["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    head = cluster["headGroupSpec"]["template"]["spec"]
    # The autoscaler stands beside the head and mounts what the head has.
    mounted = {one["name"] for one in cluster["autoscalerOptions"]["volumeMounts"]}
    assert mounted <= {one["name"] for one in head["volumes"]}
    assert head["automountServiceAccountToken"]
    for group in cluster["workerGroupSpecs"]:
        assert group["minReplicas"] <= group["maxReplicas"]
        spec = group["template"]["spec"]
        assert spec["serviceAccountName"] == parsed("serviceaccount.yaml")["metadata"]["name"]
        resources = spec["containers"][0]["resources"]
        assert resources["requests"] == resources["limits"]
        assert int(resources["limits"]["cpu"]) >= 1


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_manifest_names_the_ray_that_is_in_the_image(name: str) -> None:
    assert cluster_of(name)["rayVersion"] == locked("requirements.lock")["ray"]


def test_both_manifests_describe_the_samecluster_of() -> None:
    one, other = (cluster_of(name) for name in CLUSTERS)
    for cluster in (one, other):
        cluster["workerGroupSpecs"][0].pop("minReplicas")
    assert one == other
