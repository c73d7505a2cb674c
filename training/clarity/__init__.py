"""The clarity networks: luminance enlarged two or four times."""
