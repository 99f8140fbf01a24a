"""Names and sentences for the data sets: many, uneven as in life, with accents, and the same for the same seed."""

import random
from itertools import accumulate

FEED = "a-feed-of-the-bench-that-never-leaves-the-machine"  # its token

GIVEN = (
    "Maria Anna José Sofia Maya Marta Martin Max Manuel Mario Mark Mateo Mathilde Maren Malik Mila Miguel Michael Mia "
    "Inês Rui João Ana Luís Beatriz Tiago Catarina Nuno Joana Pedro Rita André Margarida Carlos Teresa Paulo Helena "
    "Thomas Lena Jürgen Günter Ute Björn Jörg Käthe Sönke Heike Anke Dieter Klaus Petra Sabine Stefan Uwe Wolfgang "
    "François Chloé Élodie Zoé Agnès Benoît Cécile Étienne Hélène Léa Noël Océane Rémi Solène Théo Amélie Camille "
    "Emma Oliver Noah Liam Ava Isla Grace Harry George Amelia Jack Freya Oscar Poppy Alfie Ruby Ethan Chloe Leo Daisy "
    "James Robert Patricia Jennifer John Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Sarah "
    "Søren Åse Øyvind Bjørn Märta Kåre Siri Ingrid Lars Nils Astrid Håkon Linnéa Göran Åsa Anders Freja Mikkel "
    "Łukasz Żaneta Paweł Małgorzata Zofia Wojciech Agnieszka Jędrzej Kasia Bartosz Šárka Jiří Ondřej Tereza Václav "
    "Amina Chidi Ngozi Kwame Zainab Emeka Folake Tunde Ada Ifeoma Yaw Abena Thabo Lindiwe Sipho Nomvula Amara Kofi "
    "Wei Li Na Fang Ming Hui Jun Mei Yan Hao Xin Yuki Haruto Sakura Ren Aoi Hiroshi Keiko Min Ji Seo Joon Hana "
    "Aarav Priya Rahul Ananya Vikram Lakshmi Arjun Divya Sanjay Neha Rohan Kavya Imran Fatima Omar Leila Yusuf Samira "
    "Mehmet Ayşe Çağla Gökhan Şebnem Ömer Elif Burak Zeynep Emre Nikos Eleni Giorgos Dimitra Marco Giulia Luca Chiara "
    "Andrea Francesca Matteo Alessia Giuseppe Elena Ivan Olga Dmitri Svetlana Sergei Natalia Andrei Ioana Radu Mihai"
).split()

COMMON = (
    "Smith Müller García Silva Santos Okafor Nguyen Kim Wang Li Chen Martin Rossi Dubois Schmidt Johnson Williams Brown "
    "Jones Miller Davis Rodríguez Martínez Hernández López González Wilson Anderson Taylor Moore Jackson Lee Pérez "
    "Thompson White Harris Sánchez Clark Ramírez Lewis Robinson Walker Young Allen King Wright Scott Torres Hill Flores "
    "Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Ferreira Pereira Oliveira Costa Rodrigues "
    "Martins Fernandes Gonçalves Gomes Lopes Marques Almeida Ribeiro Pinto Carvalho Teixeira Moreira Schneider Fischer "
    "Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann "
    "Braun Krüger Hofmann Hartmann Lange Bernard Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre "
    "Michel Bertrand Roux Vincent Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Sá Núñez O'Brien O'Connor "
    "Hansen Johansen Olsen Larsen Andersen Nilsen Pedersen Kowalski Nowak Wiśniewski Dąbrowski Lewandowski Zieliński "
    "Patel Singh Sharma Khan Gupta Kumar Mehta Tanaka Suzuki Takahashi Watanabe Itō Yamamoto Nakamura Adeyemi Mensah"
).split()

ROOTS = (
    "Ahl Alt Bach Bald Ber Berg Birk Blum Bor Brand Brem Buch Dahl Dorn Eck Eich Erl Fal Feld Fern Fin Fisk Gar Gold Gran "
    "Grün Haga Hal Ham Har Hass Heid Hol Horn Jan Kal Karl Kast Kel Kir Klin Kron Lam Land Lind Lund Löw Mar Marsh Mos "
    "Nor Nyb Ober Ost Pal Par Pet Pin Quen Ram Ros Rud Sal Sand Schön Sil Ste Stra Sund Tal Tor Ulm Val Var Vin Wal Wes "
    "Wil Win Wyn Zell"
).split()

ENDINGS = (
    "er mann berg stein feld ström sson sen ini etti elli ova ović enko ski wicz ford ton ley worth field wood man ez eira "
    "eau ier ard in ung haus hof bach dorf gaard qvist lund by ridge shaw combe more idis opoulos yan adze"
).split()

COMPANY_FIRST = (
    "Harbor Pine Lumen Nordic Alta Blue Cedar Delta Ember Fjord Granite Helix Iris Juniper Kestrel Lark Maple Nova Orchid "
    "Prairie Quarry Raven Saffron Tidal Umber Verde Willow Xenia Yarrow Zephyr Atlas Beacon Copper Dune Echo Flint Gale"
).split()
COMPANY_LAST = (
    "Studios Works Foods Partners Legal Dental Logistics Design Coffee Interiors Advisors Clinic Bakery Systems Motors "
    "Gardens Trading Print Textiles Labs Media Roofing Travel Energy Optics Books Sports Music Pharmacy Consulting"
).split()

OPENINGS = (
    "Came in for|Called about|Wrote to ask about|Wants a quote for|Picked up|Returned|Was happy with|Complained about|"
    "Asked again about|Ordered more|Met at the fair and spoke about|Cancelled|Moved the date for|Paid for|Recommended us for"
).split("|")
THINGS = (
    "the espresso machine|two bags of decaf|a birthday table|the autumn collection|a new contract|the kitchen renovation|"
    "her dachshund Biscuit|the tax return|a gift card|the Friday delivery|the annual check-up|a wedding for sixty|"
    "the leaking roof|the web shop order|a second appointment|oat milk and pastries|the lease of the warehouse|"
    "a size exchange|the marathon in spring|an allergy to hazelnuts|the school project|the photo shoot|a refund|"
    "the newsletter|spare parts|the garden path|a trial subscription|the moving date|invoices from last year|his new job"
).split("|")
REMARKS = (
    "in no hurry|would like a call back|very friendly as always|prefers mornings|was in a hurry|brought her sister along|"
    "mentioned the trip to Lisbon|asks for the usual|needs an answer this week|said thanks for last time|budget is tight|"
    "looks forward to summer|is comparing offers|wants to see samples|will send the details|has a new phone|"
    "remembers the last visit|was waiting for the bus|talked about the football match|is training for a half marathon"
).split("|")


def surnames(rng: random.Random) -> list[str]:
    """Return the family names in the order of how common they are: known ones first, then some three thousand more."""
    made = [root + ending for root in ROOTS for ending in ENDINGS]
    rng.shuffle(made)
    return list(dict.fromkeys(COMMON + made))


def uneven(count: int, strength: float = 0.8) -> list[float]:
    """Return cumulative weights of `count` things, the first ones far more common than the last (Zipf)."""
    return list(accumulate(1 / (rank + 3) ** strength for rank in range(count)))


def rare_words(rng: random.Random, count: int = 8000) -> list[str]:
    """Return words that few entries hold, such as names of streets, products and pets."""
    parts = ["ba", "ko", "li", "mu", "ne", "ra", "so", "ti", "va", "zu", "pel", "dor", "fin", "gar", "hus", "lem"]
    return list({"".join(rng.choices(parts, k=3)) + rng.choice(["", "n", "s", "ta"]) for _ in range(count)})


def sentences(rng: random.Random, count: int = 30000) -> list[str]:
    """Return sentences such as people write them down, each with a word that few others have."""
    rare = sorted(rare_words(rng))
    return [
        f"{rng.choice(OPENINGS)} {rng.choice(THINGS)}, {rng.choice(REMARKS)}. "
        f"{rng.choice(REMARKS).capitalize()}; see {rng.choice(rare)} {rng.choice(rare)}."
        for _ in range(count)
    ]
