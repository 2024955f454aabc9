"""The house's own business calendars: kept, checked, tried out, and found by promises and timers."""
