"""What a variant may change: one class per kind of operation, in one file per element of a process."""
