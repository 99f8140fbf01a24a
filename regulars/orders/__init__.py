"""What people bought: products, orders, what is known of each customer from them, loyalty, coupons and gift cards."""
