"""Handlers that act outside: calls over HTTP and letters, given in the drawing or set up by an administrator."""
