"""What an organization has stored, and what was done for it, by day and by month."""
