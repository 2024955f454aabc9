"""Variants: short lists of checked, explained, executable differences from a base process, chosen for a customer."""
