"""What whoever runs an installation does: workers, the dispatcher, the database, old history."""
