"""The people and companies we know, and everything worth remembering about them."""
