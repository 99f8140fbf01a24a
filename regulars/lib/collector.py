"""Python's collector of cyclic garbage, told what a process of ours is like."""

import gc

OFTEN = (50_000, 20, 50)  # new objects before a look at the youngest, of these before one at the older, and at all


def settle() -> None:
    """Leave alone what has been loaded so far, and look less often at what is new; called once everything is imported.

    Long work such as an import makes a million short-lived records: looking through all of Django's objects time and
    again took a fifth of its time.
    """
    gc.freeze()
    gc.set_threshold(*OFTEN)
