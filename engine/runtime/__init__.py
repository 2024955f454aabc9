"""The life of an instance: start, deliver, cancel, incidents. One step, one transaction; there is no second way in."""
