"""Who may sign in: for whoever has the machine."""
