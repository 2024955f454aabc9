"""Messages and signals, from outside and between instances."""
