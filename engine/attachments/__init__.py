"""Files of cases: what may be kept, who may add, read and remove them, and how forms name them."""
