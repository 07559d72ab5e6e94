"""Who is meant by a form: meaning, bearers of a surname, other spellings."""
