"""Who asks, what they may, and what every route says of both."""
