"""Reading config.toml: its syntax, where everything stands in it, and what its values may be."""
