"""The exports of shops and tills, recognised by their headers."""

# ruff: noqa: E501 (tables of headers read better with long lines)

from regulars.orders.models import Order
from regulars.quality.files.known import Export, must, spec

LINE, WHOLE = "line", "order"

# One row for each line; what concerns the whole order stands on its first row only.
_SHOPIFY = """
Name=number; Email=buyer.email; Financial Status=status; Paid at=; Fulfillment Status=fulfilment; Fulfilled at=; Accepts Marketing=
Currency=currency; Subtotal=subtotal; Shipping=shipping; Taxes=tax; Total=total; Discount Code=; Discount Amount=discount
Shipping Method=; Created at=placed_at; Lineitem quantity=line.quantity; Lineitem name=line.name; Lineitem price=line.price
Lineitem compare at price=; Lineitem sku=line.sku; Lineitem discount=line.discount; Billing Name=buyer.name; Billing Company=buyer.company
Billing Phone=buyer.phone; Shipping Name=buyer.name; Shipping Phone=buyer.phone; Phone=buyer.phone; Notes=note; Cancelled at=cancelled
Refunded Amount=refunded; Id=external_id; Source=channel; Vendor=; Tags=; Employee=; Location=; Payment Method=; Lineitem taxable="""

_WOO_ANALYTICS = """
Date=placed_at; Order #=number; N. Revenue (formatted)=total; N. Revenue=total; Net Sales=total; Status=status; Customer=buyer.name
Customer type=; Product(s)=items; Items sold=; Coupon(s)=; Attribution="""

# The order export plugins that most shops use: column titles in words…
_WOO_TITLES = """
Order Number=number; Order ID=external_id; Order Status=status; Order Date=placed_at; Paid Date=; Customer Note=note
First Name (Billing)=buyer.given; Last Name (Billing)=buyer.family; Company (Billing)=buyer.company; Email (Billing)=buyer.email
Phone (Billing)=buyer.phone; Customer User ID=buyer.id; Cart Discount Amount=discount; Order Subtotal Amount=subtotal
Order Shipping Amount=shipping; Order Refund Amount=refunded; Order Total Amount=total; Order Total Tax Amount=tax; Order Currency=currency
SKU=line.sku; Item #=; Item Name=line.name; Quantity=line.quantity; Quantity (- Refund)=line.quantity; Item Cost=line.price; Category=line.category
Coupon Code=; Discount Amount=; Discount Amount Tax=; First Name (Shipping)=; Last Name (Shipping)=; Payment Method Title="""

# … or as the shop's database calls them.
_WOO_KEYS = """
order_id=external_id; order_number=number; order_number_formatted=number; order_date=placed_at; date=placed_at; paid_date=; status=status; order_status=status
shipping_total=shipping; shipping_tax_total=; tax_total=tax; discount_total=discount; cart_discount=; order_discount=; order_total=total
order_subtotal=; order_currency=currency; refunded_total=refunded; customer_id=buyer.id; customer_user=buyer.id; customer_email=buyer.email
billing_first_name=buyer.given; billing_last_name=buyer.family; billing_company=buyer.company; billing_email=buyer.email
billing_phone=buyer.phone; customer_note=note; item_name=line.name; item_sku=line.sku; item_quantity=line.quantity; item_price=line.price
item_subtotal=line.gross; item_total=line.total; item_tax=; item_total_tax=; line_items=line.packed; line_item_1=line.packed; line_item_2=line.packed
line_item_3=line.packed; line_item_4=line.packed; line_item_5=line.packed; line_item_6=line.packed; line_item_7=line.packed; line_item_8=line.packed"""

_SQUARE_SALES = """
Date=placed_at; Time=time; Time Zone=; Gross Sales=subtotal; Discounts=discount; Service Charges=; Net Sales=; Gift Card Sales=; Tax=tax; Tip=; Partial Refunds=refunded
Total Collected=total; Source=channel; Card=; Cash=; Fees=; Net Total=; Transaction ID=number; Payment ID=; Description=items; Details=
Event Type=event; Location=; Customer ID=buyer.id; Customer Name=buyer.name; Customer Reference ID=; Staff Name=; Transaction Status=status"""

_SQUARE_ITEMS = """
Date=placed_at; Time=time; Time Zone=; Category=line.category; Item=line.name; Qty=line.quantity; Price Point Name=line.variant; SKU=line.sku
Modifiers Applied=; Gross Sales=line.gross; Discounts=line.discount; Net Sales=; Tax=line.tax; Transaction ID=number; Payment ID=; Notes=; Details=
Event Type=event; Customer ID=buyer.id; Customer Name=buyer.name; Customer Reference ID=; Count=; Unit=; Channel=channel; Commission=; Employee="""

_STRIPE = """
id=external_id; Created (UTC)=placed_at/utc; Created date (UTC)=placed_at/utc; Created=placed_at; Amount=total; Amount Refunded=refunded; Currency=currency
Converted Amount=settled; Converted Currency=settled_currency; Converted Amount Refunded=; Fee=; Tax=; Taxes On Fee=; Status=status; Description=note
Customer Email=buyer.email; Customer ID=buyer.id; Customer Description=buyer.name; Card Name=buyer.name; Customer Name=buyer.name; Customer Phone=buyer.phone
Captured=; Mode=; Seller Message=; Statement Descriptor=; Invoice ID=; Card ID=; PaymentIntent ID="""

_ETSY_ORDERS = """
Sale Date=placed_at/mdy; Order ID=number; Buyer User ID=buyer.id; Full Name=buyer.name; First Name=buyer.given; Last Name=buyer.family; Number of Items=
Payment Method=; Date Shipped=fulfilment; Currency=currency; Order Value=subtotal; Coupon Code=; Coupon Details=; Discount Amount=discount; Shipping Discount=
Shipping=shipping; Sales Tax=tax; Order Total=total; Status=status; Card Processing Fees=; Order Net=; Adjusted Order Total=; Buyer=; SKU=; Order Type=
Payment Type=; Date Paid=; Buyer Email=buyer.email; VAT Paid by Buyer="""

_ETSY_ITEMS = """
Sale Date=placed_at/mdy; Item Name=line.name; Buyer=buyer.id; Quantity=line.quantity; Price=line.price; Coupon Code=; Coupon Details=; Discount Amount=line.discount
Shipping Discount=; Order Shipping=shipping; Order Sales Tax=tax; Item Total=; Currency=currency; Transaction ID=; Listing ID=; Date Paid=; Date Shipped=fulfilment
Ship Name=buyer.name; Order ID=number; Variations=line.variant; SKU=line.sku; Order Type=; Payment Type="""

ORDER_EXPORTS = [
    Export("shopify", "Shopify", must("Name,Financial Status,Lineitem quantity,Lineitem name,Lineitem price"), spec(_SHOPIFY), kind=LINE),
    Export("square", "Square", must("Transaction ID,Event Type,Item,Qty,Gross Sales"), spec(_SQUARE_ITEMS), kind=LINE),
    Export("square", "Square", must("Transaction ID,Event Type,Gross Sales,Total Collected"), spec(_SQUARE_SALES), kind=WHOLE),
    Export("etsy", "Etsy", must("Sale Date,Item Name,Quantity,Price,Order ID,Listing ID"), spec(_ETSY_ITEMS), kind=LINE),
    Export("etsy", "Etsy", must("Sale Date,Order ID,Buyer User ID,Order Total"), spec(_ETSY_ORDERS), kind=WHOLE),
    Export("stripe", "Stripe", must("id,Created (UTC),Amount,Amount Refunded,Currency,Status"), spec(_STRIPE), kind=WHOLE),
    Export("stripe", "Stripe", must("id,Created date (UTC),Amount,Amount Refunded,Currency,Status"), spec(_STRIPE), kind=WHOLE),
    Export("woocommerce", "WooCommerce", must("Order #,Customer type,Product(s),Items sold"), spec(_WOO_ANALYTICS), kind=WHOLE),
    Export("woocommerce", "WooCommerce", must("Order Number,Order Status,Order Date,Order Total Amount"), spec(_WOO_TITLES), kind=LINE),
    Export("woocommerce", "WooCommerce", must("order_id,order_number,order_total,billing_email"), spec(_WOO_KEYS), kind=LINE),
]  # fmt: skip
CHANNEL_OF = {
    "shopify": Order.Channel.WEB,
    "woocommerce": Order.Channel.WEB,
    "stripe": Order.Channel.WEB,
    "square": Order.Channel.TILL,
    "etsy": Order.Channel.MARKET,
}
