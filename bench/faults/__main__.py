"""Everything dies again and again under load: what was answered is there, and each effect happened once.

    python -m bench.faults [--minutes 30] [--store sqlite|postgresql] [--apart [--relays]] [--seed 7] [--json]

kill -9 of web servers, workers, dispatchers and Redis, crashes of the database, frozen processes that come back with
an old fence number, clocks that jump, a slow database; with ``--apart`` each on a host of its own, which is cut off and
healed. Clients start cases and complete their tasks under an Idempotency-Key and repeat what got no answer.
"""

import argparse
import json
import sys

import msgspec

from bench.faults import hosts
from bench.faults.torment import told, torment


def main(words: list[str] | None = None) -> int:
    given = sys.argv[1:] if words is None else words
    parser = argparse.ArgumentParser(prog="python -m bench.faults")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--apart", action="store_true", help="each process on a host of its own")
    parser.add_argument("--relays", action="store_true", help="... whose lines run through relays, which needs no root")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    if asked.apart and asked.store == "sqlite":
        parser.error("expected --store postgresql with --apart: a SQLite file has one host")
    if asked.apart and not hosts.inside():
        refused = "" if asked.relays else hosts.refusal()
        if refused:
            sys.stderr.write(f"this machine makes no networks of our own, so relays cut the lines: {refused}\n")
        elif not asked.relays:
            return hosts.enter("bench.faults", given)
    report = torment(asked.store, seconds=asked.minutes * 60, apart=asked.apart, seed=asked.seed)
    sys.stdout.write((json.dumps(msgspec.to_builtins(report)) if asked.json else "\n".join(told(report))) + "\n")
    return 1 if report.losses or report.doubles or report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
