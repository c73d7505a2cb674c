"""The same work done by photochrom and by its peers, side by side."""
