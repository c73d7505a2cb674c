"""Films of productions: made as jobs, kept as results."""
