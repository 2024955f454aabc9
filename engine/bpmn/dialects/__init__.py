"""One file a vendor: what its attributes and extension elements mean in a Program."""
