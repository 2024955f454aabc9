"""The one MetaData and the few column makers that all tables share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, String, Text

from engine.store.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str, *, primary: bool = False, null: bool = False) -> Column[Any]:
    """A short name given by people: process, group, person ..."""
    return Column(name, String(100), primary_key=primary, nullable=null)


def ident(name: str = "id", *, primary: bool = False, null: bool = False) -> Column[Any]:
    """A UUIDv7 or another id of ours."""
    return Column(name, String(64), primary_key=primary, nullable=null)


def refers(name: str, target: str, *, null: bool = False, primary: bool = False) -> Column[Any]:
    """A foreign key; SQLite and PostgreSQL both hold it."""
    return Column(name, String(100), ForeignKey(target), nullable=null, primary_key=primary)


def text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null)


def at(name: str, *, null: bool = False) -> Column[Any]:
    """A moment in UTC."""
    return Column(name, Moment, nullable=null)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
