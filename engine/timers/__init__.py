"""Moments: timers of processes and the ladders of promises."""
