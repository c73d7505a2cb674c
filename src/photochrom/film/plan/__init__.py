"""A film before it is rendered: what is seen and heard in which frame, cut into parts with keys."""
