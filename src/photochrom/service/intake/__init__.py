"""What was sent in is looked into, by a process that can die alone."""
