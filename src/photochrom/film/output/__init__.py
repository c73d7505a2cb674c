"""What a film is written with: encoders, containers, and the tracks in them."""
