"""Reports: pages that show what was made of photographs, made as jobs, kept as results."""
