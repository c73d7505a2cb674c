"""What can be chosen: recipes, emulsions, and the networks that do the work."""
