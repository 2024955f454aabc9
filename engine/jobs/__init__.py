"""Work for handlers: leases, tries, back-off, and what happens when all tries are used up."""
