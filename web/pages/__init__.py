"""The pages, one file each: a request → values for a template. No SQL, no HTML."""
