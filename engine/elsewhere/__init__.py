"""Another system behind the ports: what it keeps is read and written there, in the house's own words."""
