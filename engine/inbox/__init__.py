"""Work for people: who gets it, what they may do with it, and in which order they see it."""
