"""From a copy of a process that was drawn elsewhere back to the operations that make it out of its base."""
