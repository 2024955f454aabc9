"""How this installation runs: its fields, read from the environment once. How a process runs is never a setting."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine import errors


class Settings(BaseSettings):
    """Each field is the variable ``CRMFLOW_<NAME>``; ``Settings(...)`` in code wins over the environment."""

    model_config = SettingsConfigDict(env_prefix="CRMFLOW_", frozen=True, extra="ignore")

    data_dir: Path = Path("var")
    """Folder of the embedded database and its lock; made when it is missing."""
    database_url: str = ""
    """SQLAlchemy URL, ``sqlite:///...`` or ``postgresql+psycopg://...``; empty: crmflow.db in ``data_dir``."""
    queue: Literal["threads", "inline", "rq"] = "threads"
    """Who hears the bell: threads of this process, the ringing call itself (tests), or rq workers."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    threads: int = Field(default=2, ge=1, le=64)
    """Dispatcher threads of the embedded queue."""
    sweep_seconds: float = Field(default=1.0, gt=0)
    """How often work is looked for whose bell nobody heard."""
    lease_seconds: int = Field(default=60, ge=1)
    """How long a job stays with the one who took it before somebody else may."""
    keep_ended_days: int = Field(default=0, ge=0, le=36_500)
    """How long ended cases are kept whose process.json says nothing else; 0: for ever."""
    secret_key: str = ""
    """Signs cookies and cursors; empty: made once and kept in ``data_dir``."""
    credentials_key: str = ""
    """Encrypts what connectors and webhooks keep secret; at least 32 characters. Several, separated by commas: the
    first encrypts, all decrypt. Empty: made once and kept in ``data_dir``."""
    play_before_release: bool = False
    """A version is released only after somebody played it to an end in the sandbox; a process may say otherwise."""
    api_requests_per_minute: int = Field(default=60_000, ge=0)
    """How often one access token may ask a web process; a tenth of it at once. 0: as often as it likes."""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """How many proxies of one's own stand before the web server. So many entries of X-Forwarded-For, -Proto and -Host
    are believed, counted from the last; 0: none, since anybody can write them."""
    elsewhere: str = ""
    """Ports that another system keeps over REST: ``orders=https://erp.example/orders, diary=...``."""
    elsewhere_credential: str = ""
    """Name of the kept credential that such calls bear; empty: none."""
    locale: Literal["zh-CN", "en"] = "zh-CN"
    time_zone: str = "Asia/Shanghai"
    """Zone of the house: what "today" and a calendar's working hours mean."""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'crmflow.db'}"


# kind of mistake: what is wanted in its place
WANTED: Mapping[str, tuple[str, str]] = {
    "literal_error": ("应为 {expected} 之一", "expected {expected}"),
    "int_parsing": ("应为整数", "expected a whole number"),
    "float_parsing": ("应为数字", "expected a number"),
    "bool_parsing": ("应为 true 或 false", "expected true or false"),
    "greater_than": ("应大于 {gt:g}", "expected more than {gt:g}"),
    "greater_than_equal": ("不得小于 {ge}", "expected at least {ge}"),
    "less_than_equal": ("不得大于 {le}", "expected at most {le}"),
}


def of_environment(data_dir: Path | None = None) -> Settings:
    """With the folder of ``--data`` where one is given. Raises errors.Invalid that names every wrong variable."""
    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()
    except ValidationError as wrong:
        slips = [_slip(dict(one)) for one in wrong.errors()]
    raise errors.Invalid("settings_wrong", zh="；".join(zh for zh, _ in slips), en="; ".join(en for _, en in slips))


def _slip(one: dict[str, Any]) -> tuple[str, str]:
    name = f"CRMFLOW_{one['loc'][0].upper()}={one['input']}"
    zh, en = WANTED.get(one["type"], (one["msg"], one["msg"]))
    told = one.get("ctx", {})
    return f"{name}：{zh.format(**told)}", f"{name}: {en.format(**told)}"
