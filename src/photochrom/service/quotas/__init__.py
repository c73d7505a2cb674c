"""What an organization has that counts, and whether there is room for more."""
