"""`python -m bench.fill SIZE`: migrate the database that the environment names, and fill it."""

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    from bench.generate import DataSet

    DataSet(int(sys.argv[1])).build()
