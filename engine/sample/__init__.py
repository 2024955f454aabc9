"""A sample company: people, customers, and cases under way, all made through the use cases."""
