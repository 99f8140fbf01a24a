"""What a column of a file of orders or products can mean, with the headers that people and shops use for it."""

# ruff: noqa: E501 (tables of synonyms read better with long lines)

from django.utils.translation import gettext_lazy as _

from regulars.quality.files.targets import TARGETS, Target, synonyms_of

ORDER, MONEY, LINE, BUYER = _("Order"), _("Amounts of the order"), _("Line"), _("Who bought")
PRODUCT = _("Product")

_ORDER_TARGETS = [
    Target("number", _("Order number"), ORDER, "order number, order no, order #, order nr, number, order name, receipt number, receipt no, receipt, invoice number, "
           "invoice no, invoice, sale id, bon, transaction, reference, order reference, bestellnummer, bestellung, auftragsnummer, rechnungsnummer, belegnummer, numéro de commande, commande, "
           "n° de commande, número de pedido, pedido, nº pedido, número da encomenda, encomenda, numero ordine, ordine, bestelnummer, ordernummer"),
    Target("external_id", _("Its id in the other system"), ORDER, "order id, id, transaction id, order key, bestell id, id de commande, id pedido"),
    Target("placed_at", _("Date (and time)"), ORDER, "date, when, order date, created at, created, created date, placed at, placed on, purchase date, sale date, date of sale, sold on, transaction date, invoice date, paid at, date paid, "
           "datum, bestelldatum, kaufdatum, rechnungsdatum, date de commande, date d'achat, fecha, fecha de pedido, fecha de compra, data, data do pedido, data da encomenda, data ordine, besteldatum, datum en tijd, created (utc), created date (utc)"),
    Target("time", _("Time, in a column of its own"), ORDER, "time, order time, time of sale, uhrzeit, zeit, heure, hora, ora, tijd"),
    Target("status", _("Status"), ORDER, "status, order status, state, payment status, financial status, zustand, bestellstatus, statut, estado, estado do pedido, stato"),
    Target("fulfilment", _("Sent or handed over: status or date"), ORDER, "fulfillment status, fulfilment status, fulfilled at, shipping status, delivery status, date shipped, shipped at, shipped on, versandstatus, versendet am"),
    Target("cancelled", _("Cancelled: date or yes"), ORDER, "cancelled at, canceled at, cancelled, canceled, cancelled on, storniert am, storniert, annulé le, cancelado"),
    Target("event", _("Sale or refund"), ORDER, "event type, receipt type, transaction type, type, art, vorgang, tipo"),
    Target("channel", _("Where it was bought"), ORDER, "channel, sales channel, source name, order source, point of sale, kanal, verkaufskanal, canal, canale, kanaal"),
    Target("note", _("Note"), ORDER, "note, notes, order note, customer note, customer message, comment, memo, notiz, bemerkung, anmerkung, remarque, nota, notas, observaciones, opmerking"),
    Target("items", _("What was bought, in one cell"), ORDER, "items, products, product s, description, items sold list, articles, artikelliste, productos, prodotti"),
    Target("currency", _("Currency"), MONEY, "currency, currency code, order currency, währung, devise, moneda, moeda, valuta"),
    Target("total", _("Total"), MONEY, "total, order total, grand total, total amount, amount, total price, total paid, total collected, net total, sum, gross, gross amount, paid, price paid, revenue, sales, "
           "gesamt, gesamtbetrag, summe, betrag, bruttobetrag, umsatz, montant, montant total, total ttc, importe, importe total, valor, valor total, importo, totale, totaal, bedrag"),
    Target("subtotal", _("Subtotal, before discount and shipping"), MONEY, "subtotal, sub total, order subtotal, order value, items subtotal, gross sales, zwischensumme, sous total, suma, subtotale, subtotaal"),
    Target("discount", _("Discount"), MONEY, "discount, discounts, discount amount, discount total, order discount, rabatt, nachlass, remise, réduction, descuento, desconto, sconto, korting"),
    Target("shipping", _("Shipping"), MONEY, "shipping, shipping cost, shipping total, shipping amount, postage, delivery, delivery fee, order shipping, versand, versandkosten, frais de port, livraison, envío, envio, portes, spedizione, verzendkosten"),
    Target("tax", _("Tax"), MONEY, "tax, taxes, total tax, tax total, sales tax, order sales tax, vat, vat amount, gst, mwst, mehrwertsteuer, ust, tva, iva, btw"),
    Target("refunded", _("Refunded"), MONEY, "refunded, refunded amount, amount refunded, refund amount, refund, refunds, total refunded, partial refunds, order refund amount, erstattet, erstattung, remboursé, remboursement, reembolso, reembolsado, rimborso, terugbetaald"),
    Target("settled", _("Total in our currency"), MONEY, "converted amount, settled amount, base amount"),
    Target("settled_currency", _("Our currency beside it"), MONEY, "converted currency, settlement currency, base currency"),
    Target("line.name", _("Product"), LINE, "product, thing, what, product name, item, item name, line item, lineitem name, article, description of item, artikel, produkt, bezeichnung, produit, désignation, producto, artículo, produto, artigo, prodotto, articolo, productnaam"),
    Target("line.variant", _("Product: variant"), LINE, "variant, variation, variations, price point name, lineitem variant, option, variante, ausführung"),
    Target("line.sku", _("SKU"), LINE, "sku, lineitem sku, item sku, product sku, product code, item code, article number, artikelnummer, art nr, référence, référence produit, código, codice, artikelcode"),
    Target("line.category", _("Product: category"), LINE, "category, product category, item category, kategorie, warengruppe, catégorie, categoría, categoria, categorie"),
    Target("line.quantity", _("Quantity"), LINE, "quantity, qty, lineitem quantity, item quantity, pieces, units, number of items, count, menge, anzahl, stück, quantité, qté, cantidad, quantidade, quantità, aantal"),
    Target("line.price", _("Price of one"), LINE, "price, unit price, item price, lineitem price, item cost, price each, each, einzelpreis, preis, stückpreis, prix, prix unitaire, precio, precio unitario, preço, preço unitário, prezzo, prezzo unitario, prijs, stukprijs"),
    Target("line.gross", _("Line before its discount"), LINE, "line gross, line subtotal, item subtotal"),
    Target("line.discount", _("Line: discount"), LINE, "line discount, item discount, lineitem discount, zeilenrabatt"),
    Target("line.tax", _("Line: tax"), LINE, "line tax, item tax, item total tax"),
    Target("line.total", _("Line: total"), LINE, "line total, item total, line amount, positionssumme, zeilensumme, total ligne, total línea, total da linha, totale riga, regeltotaal"),
    Target("buyer.name", _("Name"), BUYER, "name, who, customer, customer name, buyer, buyer name, full name, client, client name, guest, patient, billing name, bill to name, ship name, card name, kunde, kundenname, käufer, "
           "client nom, nom du client, nom, cliente, nombre, nombre del cliente, nome, nome do cliente, nome cliente, klant, klantnaam, naam"),
    Target("buyer.given", _("First name"), BUYER, f"{TARGETS['given'].synonyms}, billing first name, first name billing, customer first name"),
    Target("buyer.family", _("Last name"), BUYER, "last name, family name, surname, billing last name, last name billing, customer last name, nachname, nom de famille, apellidos, apelido, sobrenome, cognome, achternaam"),
    Target("buyer.email", _("Email"), BUYER, f"{TARGETS['email'].synonyms}, customer email, buyer email, billing email, email billing, contact email"),
    Target("buyer.phone", _("Phone"), BUYER, "phone, phone number, mobile, customer phone, billing phone, phone billing, telephone, tel, telefon, telefonnummer, handy, téléphone, teléfono, telefone, telemóvel, telefono, telefoon"),
    Target("buyer.company", _("Company"), BUYER, "company, company name, billing company, company billing, firma, entreprise, société, empresa, azienda, bedrijf"),
    Target("buyer.id", _("Customer’s id in the other system"), BUYER, "customer id, customer number, customer no, buyer id, buyer user id, client id, customer user, user id, customer reference id, kundennummer, numéro client, número de cliente, codice cliente, klantnummer"),
    Target("buyer.loyalty", _("Loyalty number"), BUYER, "loyalty number, loyalty card, member number, membership number, card number loyalty, kundenkarte, kundenkartennummer, carte de fidélité, tarjeta de fidelidad, cartão de fidelidade, klantenkaart"),
]  # fmt: skip

_PRODUCT_TARGETS = [
    Target("name", _("Name"), PRODUCT, "name, product, product name, title, item, item name, artikel, bezeichnung, produkt, produit, désignation, producto, artículo, produto, prodotto, productnaam"),
    Target("sku", _("SKU"), PRODUCT, "sku, variant sku, product sku, product code, item code, code, article number, artikelnummer, art nr, référence, código, codice, artikelcode"),
    Target("category", _("Category"), PRODUCT, "category, categories, product category, type, product type, reporting category, kategorie, warengruppe, catégorie, categoría, categoria, categorie"),
    Target("price", _("Price"), PRODUCT, "price, variant price, regular price, sale price, unit price, retail price, preis, verkaufspreis, prix, precio, preço, prezzo, prijs"),
    Target("cost", _("What it costs us"), PRODUCT, "cost, cost per item, unit cost, default unit cost, purchase price, buying price, einkaufspreis, ek, prix d'achat, coût, coste, custo, costo, inkoopprijs"),
    Target("unit", _("Unit"), PRODUCT, "unit, unit of measure, einheit, unité, unidad, unidade, unità, eenheid"),
    Target("variant", _("Variant"), PRODUCT, "variant, variation, variation name, option1 value, variante"),
    Target("active", _("Offered: yes or no"), PRODUCT, "active, is active, published, offered, status, enabled, aktiv, actif, activo, ativo, attivo, actief"),
]  # fmt: skip

ORDER_TARGETS = {target.key: target for target in _ORDER_TARGETS}
PRODUCT_TARGETS = {target.key: target for target in _PRODUCT_TARGETS}
ORDER_SYNONYMS = synonyms_of(_ORDER_TARGETS)
PRODUCT_SYNONYMS = synonyms_of(_PRODUCT_TARGETS)
AMOUNT_TARGETS = frozenset(
    [
        "total",
        "subtotal",
        "discount",
        "shipping",
        "tax",
        "refunded",
        "settled",
        "line.price",
        "line.gross",
        "line.discount",
        "line.tax",
        "line.total",
        "price",
        "cost",
    ]
)
