"""What every adapter of a port has to do, whoever keeps the records."""
