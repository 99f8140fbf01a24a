"""Orders of nobody, by who bought: found, claimed in bulk, offered when somebody with that email or phone comes."""
