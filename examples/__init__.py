"""What photochrom can do, to run and to read."""
