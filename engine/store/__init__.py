"""The adapter to SQLAlchemy: SQLite by default, PostgreSQL for companies. Nobody else speaks SQL."""
