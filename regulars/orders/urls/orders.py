"""Addresses of orders, and of what somebody is worth."""

from django.urls import path

from regulars.orders.views import orders, orders_verbs, worth

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders_verbs.add_order, name="order-add"),
    path("orders/export/", orders.export_orders, name="order-export"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/keeping/", orders_verbs.keep_order, name="order-keep"),
    path("orders/<int:pk>/edit/", orders_verbs.edit_order, name="order-edit"),
    path("orders/<int:pk>/refund/", orders_verbs.refund_order, name="order-refund"),
    path("orders/<int:pk>/cancellation/", orders_verbs.cancel_order, name="order-cancel"),
    path("orders/<int:pk>/claim/", orders_verbs.claim_order, name="order-claim"),
    path("contacts/<int:pk>/worth/", worth.contact_worth, name="contact-worth"),
    path("companies/<int:pk>/worth/", worth.company_worth, name="company-worth"),
    path("contacts/<int:pk>/orders/", orders_verbs.add_contact_order, name="contact-order"),
    path("companies/<int:pk>/orders/", orders_verbs.add_company_order, name="company-order"),
]
