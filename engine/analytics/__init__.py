"""What happened, told from the facts alone."""
