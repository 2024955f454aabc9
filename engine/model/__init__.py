"""What a model is: frozen values, no behaviour, no I/O."""
