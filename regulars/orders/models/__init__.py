"""The models of `orders`."""

from regulars.orders.models.buyer import LOYALTY, BuyerKey
from regulars.orders.models.connection import Connection
from regulars.orders.models.facts import CustomerFacts, CustomerMonth, ExchangeRate
from regulars.orders.models.facts_check import FactsCheck
from regulars.orders.models.hook import HookEvent, HookOrder
from regulars.orders.models.loyalty import LoyaltyCard, LoyaltyMove, Programme, Reward
from regulars.orders.models.order import HAND, Line, Order
from regulars.orders.models.product import Product
from regulars.orders.models.vouchers import Coupon, CouponUse, GiftCard, GiftMove

__all__ = [
    "HAND",
    "LOYALTY",
    "BuyerKey",
    "Connection",
    "Coupon",
    "CouponUse",
    "CustomerFacts",
    "CustomerMonth",
    "ExchangeRate",
    "FactsCheck",
    "GiftCard",
    "GiftMove",
    "HookEvent",
    "HookOrder",
    "Line",
    "LoyaltyCard",
    "LoyaltyMove",
    "Order",
    "Product",
    "Programme",
    "Reward",
]
