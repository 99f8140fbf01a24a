"""Who brought whom: codes, guard, the tree and what its branches brought in."""
