"""The models of `orders`."""

from regulars.orders.models.facts import CustomerFacts, CustomerMonth, ExchangeRate
from regulars.orders.models.order import HAND, Line, Order
from regulars.orders.models.product import Product

__all__ = ["HAND", "CustomerFacts", "CustomerMonth", "ExchangeRate", "Line", "Order", "Product"]
