"""What can go wrong in a process, found by the kernel's own moves over all its states, with a path to each answer."""
