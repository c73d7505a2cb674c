"""What the service says of itself to those who look after it: logs, figures, traces."""
