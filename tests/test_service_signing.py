"""What the service signs, and with what."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from photochrom.service.core.signing import Signer, secret_in


def test_all_who_begin_at_once_sign_with_the_same(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: secret_in(file), range(64)))
    assert secrets == {file.read_bytes()}
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert len(file.read_bytes()) >= 32


def test_a_link_opens_what_it_says_as_long_as_it_says() -> None:
    signer = Signer(b"s" * 32)
    signature, _ = signer.link("re_one", timedelta(hours=1))
    assert signer.opens("re_one", signature)
    assert not signer.opens("re_two", signature)
    assert not Signer(b"t" * 32).opens("re_one", signature)
    until, _, mac = signature.partition(".")
    assert not signer.opens("re_one", f"{int(until) + 1}.{mac}")
    over, _ = signer.link("re_one", timedelta(seconds=-1))
    assert not signer.opens("re_one", over)
