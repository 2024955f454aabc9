"""Nobody can sign in any more: whoever has the machine gets back in."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app, cli, errors
from engine.people import login, sessions, users
from engine.people.agent import SYSTEM
from engine.ports import Engine
from engine.settings import Settings

OLD = "an-old-password-7"


def called(*words: str, language: str = "en_GB.UTF-8") -> Result:
    return CliRunner().invoke(cli.main, ["people", *words], env={"LANG": language, "COLUMNS": "200"})


def house(folder: Path) -> Engine:
    return app.build(Settings(data_dir=folder, queue="inline"), dispatcher=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one administrator and somebody who has left."""
    engine = house(tmp_path)
    try:
        now = engine.clock.now()
        for key in ("ada", "bo"):
            profile = users.Profile(name=key.title(), roles=("admin",))
            users.add_user(engine, key=key, profile=profile, password=OLD, agent=SYSTEM, now=now)
        users.change_user(engine, key="bo", profile=profile, active=False, agent=SYSTEM, now=now)
    finally:
        engine.close()
    return tmp_path


def test_a_new_password_opens_ends_the_sessions_and_the_block(folder: Path) -> None:
    engine = house(folder)
    try:
        now = engine.clock.now()
        token = sessions.begin(engine, agent=login.authenticate(engine, key="ada", password=OLD, now=now), now=now)
        for _ in range(8):
            with pytest.raises(errors.Forbidden):
                login.authenticate(engine, key="ada", password="wrong", now=now)
        said = called("password", "ada", "--data", str(folder))
        assert said.exit_code == 0, said.output
        (new,) = re.findall(r"^ada signs in with (\S{12,}) and changes it\.$", said.output, re.MULTILINE)
        assert login.authenticate(engine, key="ada", password=new, now=now).key == "ada"
        assert sessions.find(engine, token=token, now=now) is None
        with pytest.raises(errors.Forbidden):
            login.authenticate(engine, key="ada", password=OLD, now=now)
    finally:
        engine.close()


@pytest.mark.parametrize(("language", "words"), [("en_GB.UTF-8", "no user “zoe”"), ("zh_CN.UTF-8", "没有用户“zoe”")])
def test_somebody_unknown_is_refused_by_name(folder: Path, language: str, words: str) -> None:
    said = called("password", "zoe", "--data", str(folder), language=language)
    assert said.exit_code == 1
    assert words in said.output


def test_who_is_inactive_is_told_to_be_taken_in_first(folder: Path) -> None:
    assert "bo is inactive" in called("password", "bo", "--data", str(folder)).output
    assert "inactive" not in called("password", "ada", "--data", str(folder)).output


def test_everybody_is_listed_with_roles_and_who_has_left_comes_last(folder: Path) -> None:
    lines = called("list", "--data", str(folder)).output.splitlines()
    assert [line.split() for line in lines[1:]] == [["ada", "Ada", "admin"], ["bo", "Bo", "admin", "inactive"]]
