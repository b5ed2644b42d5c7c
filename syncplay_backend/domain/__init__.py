"""The rules of a room: pure Python, without Django, I/O or a clock. `now` is always an argument."""
