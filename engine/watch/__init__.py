"""How the engine is doing: what waits, what is late, what stands still and why, and who did what."""
