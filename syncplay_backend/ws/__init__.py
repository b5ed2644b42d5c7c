"""The socket: frames in, frames out."""
