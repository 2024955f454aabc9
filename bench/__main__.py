"""``python -m bench``: all workloads, W1 to W8."""

from bench.workloads import main

main()
