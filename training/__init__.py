"""How the embedded networks came to be: data, networks, losses, export."""
