"""What a container may use, from trees of control groups as machines have them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from photochrom.cgroup import Limits, limits
from photochrom.engine.machine import memory
from photochrom.threads import usable_cores

GIB = 2**30
NONE_OF_V1 = 9223372036854771712

V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"


def v1(resources: str, origin: str = "/") -> str:
    return f"33 32 0:29 {origin} /sys/fs/cgroup/{resources} rw - cgroup cgroup rw,{resources}"


def tree(root: Path, groups: str, mounts: list[str], files: Mapping[str, object]) -> Path:
    """A machine's files: `files` lie below `/sys/fs/cgroup`."""
    proc = root / "proc/self"
    proc.mkdir(parents=True)
    (proc / "cgroup").write_text(groups)
    disk = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"
    (proc / "mountinfo").write_text("\n".join([disk, *mounts, ""]))
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    return root


TREES = {
    "in a container that sees itself as the top": (
        "0::/\n",
        [V2],
        {"memory.max": 4 * GIB, "cpu.max": "150000 100000"},
        Limits(4 * GIB, 1.5),
    ),
    "in a service, and its slice has the lower limit": (
        "0::/user.slice/scan.service\n",
        [V2],
        {
            "user.slice/memory.max": 2 * GIB,
            "user.slice/cpu.max": "max 100000",
            "user.slice/scan.service/memory.max": 8 * GIB,
            "user.slice/scan.service/cpu.max": "50000 100000",
        },
        Limits(2 * GIB, 0.5),
    ),
    "the memory above which a process is held back": (
        "0::/a\n",
        [V2],
        {"a/memory.max": "max", "a/memory.high": 3 * GIB},
        Limits(3 * GIB, None),
    ),
    "no limit, in either version": (
        "5:memory:/a\n3:cpu,cpuacct:/a\n0::/a\n",
        [V2.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified"), v1("memory"), v1("cpu,cpuacct")],
        {
            "unified/a/memory.max": "max",
            "unified/a/cpu.max": "max 100000",
            "memory/a/memory.limit_in_bytes": NONE_OF_V1,
            "cpu,cpuacct/a/cpu.cfs_quota_us": -1,
            "cpu,cpuacct/a/cpu.cfs_period_us": 100000,
        },
        Limits(None, None),
    ),
    "version 1, each resource in its own tree": (
        "5:memory:/docker/7f\n3:cpu,cpuacct:/docker/7f\n1:name=systemd:/docker/7f\n",
        [v1("memory"), v1("cpu,cpuacct")],
        {
            "memory/docker/7f/memory.limit_in_bytes": GIB,
            "memory/memory.limit_in_bytes": NONE_OF_V1,
            "cpu,cpuacct/docker/7f/cpu.cfs_quota_us": 400000,
            "cpu,cpuacct/docker/7f/cpu.cfs_period_us": 100000,
        },
        Limits(GIB, 4.0),
    ),
    "version 1, in a container that sees only its part": (
        "5:memory:/docker/7f/app\n3:cpu,cpuacct:/docker/7f\n",
        [v1("memory", "/docker/7f"), v1("cpu,cpuacct", "/docker/7f")],
        {
            "memory/memory.limit_in_bytes": 2 * GIB,
            "memory/app/memory.limit_in_bytes": GIB,
            "cpu,cpuacct/cpu.cfs_quota_us": 250000,
            "cpu,cpuacct/cpu.cfs_period_us": 100000,
        },
        Limits(GIB, 2.5),
    ),
    "a path from outside of what can be seen": (
        "0::/../../kubepods/pod1\n",
        [V2],
        {"memory.max": GIB, "cpu.max": "200000 100000"},
        Limits(GIB, 2.0),
    ),
    "a mount whose name has a space": (
        "0::/\n",
        [V2.replace("/sys/fs/cgroup", r"/sys/fs/cgroup/of\040mine")],
        {"of mine/memory.max": GIB},
        Limits(GIB, None),
    ),
    "files that say nothing that can be understood": (
        "0::/\nnonsense\n",
        [V2, "nonsense", "1 2 3 4 5 - cgroup2"],
        {"memory.max": "much", "cpu.max": "0 0"},
        Limits(None, None),
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_limits_are_the_lowest_on_the_way_up(name: str, tmp_path: Path) -> None:
    groups, mounts, files, expected = TREES[name]
    assert limits(tree(tmp_path, groups, mounts, files)) == expected


def test_a_system_without_control_groups_has_no_limits(tmp_path: Path) -> None:
    assert limits(tmp_path) == Limits()
    assert memory(tmp_path) == psutil.virtual_memory().total


def test_memory_is_the_containers_but_no_more_than_there_is(tmp_path: Path) -> None:
    small = tree(tmp_path / "small", "0::/\n", [V2], {"memory.max": 2**20})
    assert memory(small) == 2**20
    huge = tree(tmp_path / "huge", "0::/\n", [V2], {"memory.max": 2**59})
    assert memory(huge) == psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max", 8), ("50000", 1), ("100000", 1), ("150000", 2), ("400000", 4), ("6400000", 8)],
)
def test_cores_are_those_of_affinity_and_of_the_quota(
    quota: str, cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    root = tree(tmp_path, "0::/\n", [V2], {"cpu.max": f"{quota} 100000"})
    assert usable_cores(root) == cores


def test_where_there_is_no_affinity_all_cores_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert usable_cores(tmp_path / "without") == 6
    assert usable_cores(tree(tmp_path / "with", "0::/\n", [V2], {"cpu.max": "200000 100000"})) == 2
