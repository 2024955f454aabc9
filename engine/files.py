"""Finds what travels with the program: the catalogue and the schemas."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder ``processes`` or ``schemas``: inside an installed wheel, else beside this package in a checkout.

    Raises FileNotFoundError when neither is there: the installation is broken.
    """
    for folder in (_HERE / "_shipped" / name, _HERE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"expected the folder {name!r} in the installation at {_HERE}")
