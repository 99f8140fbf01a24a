"""Finding people: the search box, parts of names and numbers, and whether somebody exists already."""
