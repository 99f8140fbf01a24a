"""Addresses: loyalty, coupons, gift cards."""

from django.urls import URLPattern, path

from regulars.orders.views import loyalty, loyalty_company, loyalty_exports, loyalty_till, loyalty_vouchers

urlpatterns: list[URLPattern] = [
    path("card/<str:token>/", loyalty.loyalty_card, name="loyalty-card"),
    path("loyalty/till/", loyalty_till.loyalty_till, name="loyalty-till"),
    path("loyalty/cards/", loyalty.loyalty_cards, name="loyalty-cards"),
    path("loyalty/cards/<int:pk>/blocking/", loyalty_till.block_card, name="loyalty-card-block"),
    path("loyalty/acts/<str:act>/", loyalty_till.loyalty_act, name="loyalty-act"),
    path("loyalty/coupons/", loyalty_vouchers.coupons, name="coupons"),
    path("loyalty/coupons/new/", loyalty_vouchers.add_coupon, name="coupon-add"),
    path("loyalty/coupons/export/", loyalty_exports.export_coupons, name="coupon-export"),
    path("loyalty/coupons/<int:pk>/", loyalty_vouchers.coupon, name="coupon"),
    path("loyalty/coupons/<int:pk>/stopping/", loyalty_vouchers.stop_coupon, name="coupon-stop"),
    path("loyalty/coupons/<int:pk>/using/", loyalty_vouchers.use_coupon, name="coupon-use"),
    path("loyalty/coupon-uses/<int:pk>/", loyalty_vouchers.undo_coupon_use, name="coupon-use-undo"),
    path("loyalty/gift-cards/", loyalty_vouchers.gift_cards, name="gift-cards"),
    path("loyalty/gift-cards/new/", loyalty_vouchers.sell_gift_card, name="gift-card-sell"),
    path("loyalty/gift-cards/export/", loyalty_exports.export_gift_cards, name="gift-card-export"),
    path("loyalty/gift-cards/<int:pk>/", loyalty_vouchers.gift_card, name="gift-card"),
    path("loyalty/gift-cards/<int:pk>/paying/", loyalty_vouchers.pay_with_gift_card, name="gift-card-pay"),
    path("loyalty/gift-cards/<int:pk>/blocking/", loyalty_vouchers.block_gift_card, name="gift-card-block"),
    path("loyalty/gift-cards/<int:pk>/extending/", loyalty_vouchers.extend_gift_card, name="gift-card-extend"),
    path("loyalty/gift-moves/<int:pk>/", loyalty_vouchers.undo_gift_move, name="gift-move-undo"),
    path("contacts/<int:pk>/loyalty/", loyalty_till.contact_loyalty, name="contact-loyalty"),
    path("contacts/<int:pk>/loyalty/giving/", loyalty_till.give_loyalty, name="loyalty-give"),
    path("contacts/<int:pk>/loyalty/adjusting/", loyalty_till.adjust_loyalty, name="loyalty-adjust"),
    path("contacts/<int:pk>/loyalty/rewards/<int:reward_pk>/", loyalty_till.redeem_reward, name="loyalty-redeem"),
    path("contacts/<int:pk>/card/", loyalty_till.issue_card, name="contact-card"),
    path("companies/<int:pk>/loyalty/", loyalty_company.company_loyalty, name="company-loyalty"),
    path("settings/loyalty/", loyalty.loyalty_settings, name="loyalty-settings"),
    path("settings/loyalty/preview/", loyalty.preview_loyalty, name="loyalty-preview"),
    path("settings/loyalty/rewards/", loyalty.add_reward, name="reward-add"),
    path("settings/loyalty/rewards/<int:pk>/", loyalty.reward, name="reward"),
    path("settings/loyalty/rewards/<int:pk>/withdrawing/", loyalty.withdraw_reward, name="reward-withdraw"),
]
