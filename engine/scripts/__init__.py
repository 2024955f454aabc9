"""Authors' scripts in Python, run in a sandbox with limits of time, memory and recursion."""
