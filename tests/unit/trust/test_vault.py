"""What is sealed opens only with the right key, at the right place, and unchanged."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.settings import Settings
from engine.trust import vault
from engine.trust.vault import Vault

OLD, NEW = "the old key of this house is long enough", "the new key of this house is long enough"


@given(st.text(max_size=200), st.text(max_size=50))
def test_what_was_sealed_is_what_is_opened(secret: str, about: str) -> None:
    secret, about = (words.encode("utf-8", "replace").decode() for words in (secret, about))
    keeper = Vault([OLD])
    assert keeper.open(keeper.seal(secret, about=about), about=about) == secret


def test_a_sealed_secret_does_not_show_it_and_is_never_the_same_twice() -> None:
    keeper = Vault([OLD])
    first, second = (keeper.seal("s3cret-token", about="a") for _ in range(2))
    assert b"s3cret" not in first and first != second


def refused(keeper: Vault, sealed: bytes, about: str = "credential:erp") -> None:
    with pytest.raises(errors.Conflict) as raised:
        keeper.open(sealed, about=about)
    assert raised.value.code == "secret_sealed" and raised.value.ids == {"about": about}
    assert "无法解密" in raised.value.text["zh-CN"] and "cannot be decrypted" in raised.value.text["en"]


def test_a_secret_that_was_moved_to_another_row_does_not_open() -> None:
    keeper = Vault([OLD])
    refused(keeper, keeper.seal("s", about="credential:evil"))


@pytest.mark.parametrize("place", [0, 1, 4, 5, 16, 17, -1])
def test_a_secret_that_was_tampered_with_does_not_open(place: int) -> None:
    keeper = Vault([OLD])
    sealed = bytearray(keeper.seal("s3cret", about="credential:erp"))
    sealed[place] ^= 1
    refused(keeper, bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 16, 17, 30])
def test_a_secret_that_was_cut_does_not_open(length: int) -> None:
    keeper = Vault([OLD])
    refused(keeper, keeper.seal("s3cret", about="credential:erp")[:length])


def test_another_key_does_not_open_it() -> None:
    refused(Vault([NEW]), Vault([OLD]).seal("s", about="credential:erp"))


def test_after_a_change_of_keys_the_old_one_opens_and_the_new_one_seals() -> None:
    sealed = Vault([OLD]).seal("s", about="a")
    both = Vault([NEW, OLD])
    assert both.open(sealed, about="a") == "s" and not both.fresh(sealed)
    anew = both.seal("s", about="a")
    assert both.fresh(anew) and Vault([NEW]).open(anew, about="a") == "s"


@pytest.mark.parametrize("keys", [[], [""], ["short"], [OLD, "short"], ["x" * 31]])
def test_a_key_that_could_be_guessed_is_refused(keys: list[str]) -> None:
    with pytest.raises(errors.Invalid) as raised:
        Vault(keys)
    assert raised.value.code == "credentials_key_short"
    assert "CRMFLOW_CREDENTIALS_KEY" in raised.value.text["zh-CN"]


def test_several_keys_stand_in_one_setting(tmp_path: Path) -> None:
    sealed = Vault([OLD]).seal("s", about="a")
    keeper = vault.of(Settings(data_dir=tmp_path, credentials_key=f"{NEW} , {OLD}"))
    assert keeper.open(sealed, about="a") == "s"
    assert not (tmp_path / "credentials.key").exists()


def test_without_a_setting_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    sealed = vault.of(Settings(data_dir=folder)).seal("s", about="a")
    path = folder / "credentials.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Vault([path.read_text()]).open(sealed, about="a") == "s"
    assert [one.name for one in folder.iterdir()] == ["credentials.key"], "no draft is left"


def test_two_houses_that_begin_at_once_make_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(vault._kept(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
