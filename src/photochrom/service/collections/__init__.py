"""Collections: photographs that belong together, in an order."""
