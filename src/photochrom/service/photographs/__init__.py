"""Photographs: what was sent in, what is in it, what people say of it."""
