"""Takes, filmed: photographs, cards, comparisons, and what lies between them."""
