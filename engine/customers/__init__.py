"""Customers, what they are worth, and the groups that follow from them."""
