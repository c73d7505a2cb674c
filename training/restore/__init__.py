"""The restore network: finds defects, fills them, and takes noise, blocks and screens away."""
