"""The REST door: JSON over HTTP, under /api/."""
