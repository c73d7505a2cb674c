"""Photographs through a recipe: what was ordered, how far it is, and what came of it."""
