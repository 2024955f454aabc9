"""The kernel on a virtual clock: one instance played through, or many with pools, calendars and costs."""
