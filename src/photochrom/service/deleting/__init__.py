"""Deleting a photograph, with all that was derived from it."""
