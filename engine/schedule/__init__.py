"""When something is due: ISO 8601, cron lines and business calendars. Pure; ``now`` is always an argument."""
