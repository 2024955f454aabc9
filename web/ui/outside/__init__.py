"""Pages of the house's dealings with the world outside: webhooks, connectors, templates, credentials, openings."""
