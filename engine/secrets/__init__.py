"""The command that changes the key under which secrets are kept."""
