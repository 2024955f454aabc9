"""Drafts the next migration from what engine/store/tables says: python -m engine.store.draft "What it does."

Read it before you keep it: Alembic sees new tables and columns whole, but no change of an existing CHECK.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from engine.store import migrate
from engine.store.database import connect


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/draft.db")
        number = len(list((migrate.HERE / "versions").glob("m*.py"))) + 1
        with database.writing() as connection:
            config = migrate.config(connection)
            command.upgrade(config, "head")
            script = command.revision(config, message=message, autogenerate=True, rev_id=f"m{number:04d}")
        database.close()
    if script and not isinstance(script, list):
        sys.stdout.write(f"{Path(script.path).relative_to(Path.cwd())}\n")


if __name__ == "__main__":
    main(sys.argv[1])
