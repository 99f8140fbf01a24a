"""What people can be chosen by: one registry for the filters of the lists and the conditions of segments.

A context adds its own as one small class and registers an instance in its `register()`:

    class OpenPromises(Condition):
        key, label, icon = ("promises", gettext_lazy("Promises"), "handshake")
        form = OpenPromisesForm                       # a plain Django form; the value is its cleaned data

        def q(self, value, user, today): ...          # a Q that is safe to test row by row: Q(Exists(…))
        def words(self, value): ...                   # "Has late promises"

    register_condition(OpenPromises())

From then on it is offered as a filter of the contact list and in segments. See docs/how-to/segments.md.
"""

from regulars.contacts.conditions.base import Condition, ConditionFilter, register_condition

__all__ = ["Condition", "ConditionFilter", "register_condition"]
