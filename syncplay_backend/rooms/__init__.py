"""What outlives a restart: the database, which is the truth."""
