"""Harbor & Pine: a sample business that makes a visitor smile, and goes away in one click."""

from regulars.desk.demo.load import DEMO_KIND, DEMO_PASSWORD, load_demo, load_demo_business
from regulars.desk.demo.remove import demo_operation, remove_demo

__all__ = ["DEMO_KIND", "DEMO_PASSWORD", "demo_operation", "load_demo", "load_demo_business", "remove_demo"]
