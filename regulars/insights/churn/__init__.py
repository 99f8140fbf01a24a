"""Who is slipping away: one small class for each warning."""
