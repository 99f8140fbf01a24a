"""The tables of `insights`: see apps.py for how Django finds them."""
