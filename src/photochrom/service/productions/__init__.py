"""Production files: what is shown, and how the film of it goes. The same TOML as everywhere."""
