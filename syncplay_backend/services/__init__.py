"""What can be done with rooms: the one road that every door takes."""
