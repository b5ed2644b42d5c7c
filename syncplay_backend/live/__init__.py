"""What is true right now, in this process: its sockets, its clock, its part of the news."""
