"""The pages: HTML for people."""
