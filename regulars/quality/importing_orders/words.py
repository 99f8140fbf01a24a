"""How shops and tills in several languages say where an order stands, and where it was bought."""

from functools import lru_cache

from regulars.lib.text import fold
from regulars.orders.models import Order

IGNORED = "ignored"  # a cart, a failed payment: no order
Status, Channel = Order.Status, Order.Channel


def _table(**words: str) -> dict[str, str]:
    return {fold(word.strip()): meaning for meaning, line in words.items() for word in line.split(",")}


STATUSES = _table(
    placed="placed, pending, open, new, on hold, onhold, authorized, authorised, unpaid, awaiting payment, not paid,"
    " partially paid, confirmed, ordered, received, offen, neu, bestellt, en attente, nouveau, nueva, nuevo, pendiente,"
    " pendente, novo, in attesa, nuovo, nieuw, in afwachting, unfulfilled, scheduled, invoiced",
    paid="paid, succeeded, success, captured, processing, in progress, in process, payment, sale, approved, settled,"
    " bezahlt, in bearbeitung, payé, payée, en cours, pagado, procesando, pago, em processamento, pagato,"
    " in lavorazione, betaald, in behandeling, partially fulfilled, partial, available, partially shipped",
    fulfilled="fulfilled, completed, complete, done, shipped, delivered, closed, sent, picked up, collected, finished,"
    " abgeschlossen, fertiggestellt, versendet, versandt, geliefert, erledigt, terminé, terminée, expédié, livré,"
    " completado, enviado, entregado, concluído, entregue, completato, spedito, consegnato, afgerond, verzonden",
    partly="partially refunded, partial refund, refunded in part, partly refunded, teilweise erstattet,"
    " partiellement remboursé, parcialmente reembolsado, parzialmente rimborsato, gedeeltelijk terugbetaald",
    refunded="refunded, refunded in whole, fully refunded, returned, chargeback, charged back, disputed lost,"
    " erstattet, rückerstattet, zurückerstattet, retourniert, remboursé, remboursée, reembolsado, devuelto, devolvido,"
    " rimborsato, reso, terugbetaald",
    cancelled="cancelled, canceled, voided, void, cancel, storniert, abgebrochen, annulé, annulée, cancelado, anulado,"
    " annullato, geannuleerd, yes, true, 1",
    ignored="failed, failure, draft, checkout draft, auto draft, trash, expired, incomplete, declined, blocked,"
    " requires payment method, requires action, abandoned, fehlgeschlagen, entwurf, échoué, brouillon, fallido,"
    " borrador, falhou, rascunho, fallito, bozza, mislukt, concept, no show, payment failed",
)
REFUNDS = frozenset(
    fold(word)
    for word in ("refund", "return", "refunded", "credit", "credit note", "erstattung", "gutschrift", "retoure",
                 "remboursement", "avoir", "reembolso", "devolución", "devolução", "rimborso", "reso", "terugbetaling")
)  # fmt: skip
CHANNELS = _table(
    till="till, pos, point of sale, in store, store, shop, counter, register, in person, kasse, laden, caisse, magasin,"
    " tienda, caja, loja, caixa, negozio, cassa, winkel, kassa, square point of sale, retail",
    web="web, online, web shop, webshop, online store, website, e commerce, ecommerce, internet, app, checkout,"
    " invoices and checkout links, square online, virtual terminal",
    phone="phone, telephone, call, telefon, téléphone, teléfono, telefone, telefono, telefoon",
    mail="mail, email, e mail, letter, post, correo",
    market="marketplace, etsy, amazon, ebay, facebook, instagram, market",
    invoice="invoice, invoices, rechnung, facture, factura, fatura, fattura, factuur",
)
NO = frozenset({"", "no", "false", "0", "unfulfilled", "nein", "non", "não", "nao", "nee", "none", "null"})


@lru_cache(1024)
def status_of(text: str) -> str:
    """Return a status of Order, IGNORED for what is no order, or "" for words that nobody knows."""
    name = fold(text.replace("_", " ").replace("-", " "))
    return STATUSES.get(name) or STATUSES.get(name.removeprefix("wc ")) or ""


@lru_cache(1024)
def channel_of(text: str) -> str:
    """Return a channel of Order; "" for words that nobody knows."""
    return CHANNELS.get(fold(text.replace("_", " ").replace("-", " ")), "")


@lru_cache(256)
def is_refund(text: str) -> bool:
    """Whether a kind of event means money given back."""
    return fold(text) in REFUNDS


@lru_cache(256)
def says_yes(text: str) -> bool:
    """Whether a cell (a date, "yes", "fulfilled") says that something happened."""
    return fold(text) not in NO
