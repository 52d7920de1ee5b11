"""The vault: opens for its own person and purpose alone, with any known key; keys in a file may change meanwhile."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from core.bootstrap import Playprint, _write_once
from core.domain.errors import InvalidInput, Unavailable
from core.repositories.database import Database
from core.services.vault import KeyFile, Sealed, Vault
from core.settings import Settings

OLD, NEW = "an old sentence that is long enough", "a new sentence that is long enough"


def key_file(home: Path) -> KeyFile:
    return KeyFile(home / "token-keys", write_once=_write_once)


class TestOpening:
    def test_gives_back_what_was_sealed(self) -> None:
        vault = Vault([NEW])
        sealed = vault.seal(7, "spotify", "töken \U0001f3b5")
        assert vault.open(7, "spotify", sealed) == "töken \U0001f3b5"
        assert b"ken" not in sealed

    @pytest.mark.parametrize(("user_id", "provider"), [(8, "spotify"), (7, "totp"), (8, "totp")])
    def test_is_refused_to_another_person_and_for_another_purpose(self, user_id: int, provider: str) -> None:
        vault = Vault([NEW])
        sealed = vault.seal(7, "spotify", "token")
        with pytest.raises(Sealed, match="belongs to somebody"):
            vault.open(user_id, provider, sealed)

    @pytest.mark.parametrize("sealed", [b"", b"x", b"gAAAAA==", "ü".encode()])
    def test_of_what_was_never_sealed_is_refused(self, sealed: bytes) -> None:
        with pytest.raises(Sealed, match="PLAYPRINT_TOKEN_KEYS"):
            Vault([NEW]).open(7, "spotify", sealed)

    def test_needs_a_key_it_was_sealed_with(self) -> None:
        sealed = Vault([OLD]).seal(7, "spotify", "token")
        assert Vault([NEW, OLD]).open(7, "spotify", sealed) == "token"
        with pytest.raises(Sealed, match="PLAYPRINT_TOKEN_KEYS"):
            Vault([NEW]).open(7, "spotify", sealed)

    def test_a_changed_byte_is_refused(self) -> None:
        vault = Vault([NEW])
        sealed = bytearray(vault.seal(7, "spotify", "token"))
        sealed[40] ^= 1
        with pytest.raises(Sealed):
            vault.open(7, "spotify", bytes(sealed))


class TestKeys:
    def test_seal_with_the_first(self) -> None:
        sealed = Vault([NEW, OLD]).seal(7, "spotify", "token")
        assert Vault([NEW]).open(7, "spotify", sealed) == "token"

    def test_rotating_leaves_the_old_key_behind(self) -> None:
        sealed = Vault([OLD]).seal(7, "spotify", "token")
        turned = Vault([NEW, OLD]).rotate(sealed)
        assert Vault([NEW]).open(7, "spotify", turned) == "token"
        with pytest.raises(Sealed):
            Vault([OLD]).open(7, "spotify", turned)

    def test_a_fernet_key_is_used_as_it_is(self) -> None:
        key = Fernet.generate_key()
        sealed = Vault([key.decode()]).seal(7, "spotify", "token")
        assert b'"t":"token"' in MultiFernet([Fernet(key)]).decrypt(sealed)

    @pytest.mark.parametrize("keys", [[], [""], ["x" * 31], [NEW, "x" * 31]])
    def test_that_are_missing_or_short_are_refused(self, keys: list[str]) -> None:
        with pytest.raises(InvalidInput, match="PLAYPRINT_TOKEN_KEYS"):
            Vault(keys)

    def test_of_32_characters_will_do(self) -> None:
        assert Vault(["x" * 32]).open(1, "p", Vault(["x" * 32]).seal(1, "p", "t")) == "t"


class TestAKeyFile:
    def test_is_made_once_and_private(self, tmp_path: Path) -> None:
        first, second = Vault(file=key_file(tmp_path / "home")), Vault(file=key_file(tmp_path / "home"))
        assert second.open(7, "spotify", first.seal(7, "spotify", "token")) == "token"
        assert (tmp_path / "home" / "token-keys").stat().st_mode & 0o777 == 0o600

    def test_of_processes_that_make_it_at_once_is_the_same(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from core.bootstrap import _write_once; "
            "from core.services.vault import KeyFile; "
            "print(*KeyFile(Path(sys.argv[1]) / 'token-keys', write_once=_write_once).keys())"
        )
        started = [
            subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        assert len({process.communicate()[0] for process in started}) == 1

    def test_changed_by_another_process_is_read_again(self, tmp_path: Path) -> None:
        here, there = Vault(file=key_file(tmp_path)), Vault(file=key_file(tmp_path))
        before = here.seal(7, "spotify", "before")
        assert there.new_key()
        after = there.seal(7, "spotify", "after")
        assert here.open(7, "spotify", after) == "after"
        assert there.open(7, "spotify", before) == "before"
        newest = (tmp_path / "token-keys").read_text().split()[0]
        assert Vault([newest]).open(7, "spotify", here.seal(7, "spotify", "by now")) == "by now"

    def test_stays_private_with_a_new_key(self, tmp_path: Path) -> None:
        Vault(file=key_file(tmp_path)).new_key()
        assert [path.name for path in tmp_path.iterdir()] == ["token-keys"]
        assert (tmp_path / "token-keys").stat().st_mode & 0o777 == 0o600
        assert len((tmp_path / "token-keys").read_text().split()) == 2

    def test_that_cannot_be_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("a file, not a folder")
        with pytest.raises(Unavailable, match="PLAYPRINT_TOKEN_KEYS"):
            Vault(file=key_file(tmp_path / "home"))


class TestOfAnInstance:
    def test_keys_of_the_settings_come_first_to_last(self, db: Database, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, token_keys=f"{NEW}, {OLD},")
        vault = Playprint(settings, db, "redis://nowhere").vault
        assert vault.open(1, "p", Vault([OLD]).seal(1, "p", "t")) == "t"
        assert Vault([NEW]).open(1, "p", vault.seal(1, "p", "t")) == "t"
        assert not vault.new_key()
        assert list(tmp_path.iterdir()) == []

    def test_without_keys_has_a_file_in_the_home(self, db: Database, tmp_path: Path) -> None:
        vault = Playprint(Settings(home=tmp_path), db, "redis://nowhere").vault
        assert vault.open(1, "p", vault.seal(1, "p", "t")) == "t"
        assert [path.name for path in tmp_path.iterdir()] == ["token-keys"]
