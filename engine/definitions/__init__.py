"""Publishing: everything an author hands in is checked, frozen and kept as a new version."""
