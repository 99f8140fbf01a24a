"""The words that Harbor & Pine's people and days are made of."""

GIVEN_NAMES = """
Ana Beatriz Carla Catarina Clara Diana Elsa Filipa Francisca Graça Helena Inês Joana Leonor Lídia Luísa Madalena
Mafalda Margarida Maria Marta Matilde Núria Olívia Patrícia Raquel Rita Rosa Sara Sílvia Sofia Susana Teresa Vera
António Artur Bruno Carlos Daniel David Diogo Duarte Eduardo Filipe Francisco Gonçalo Henrique Hugo Ivo João Jorge
José Leandro Luís Manuel Marco Mário Mateus Miguel Nuno Óscar Paulo Pedro Rafael Ricardo Rui Salvador Simão Tiago
Tomás Vasco Vítor Xavier Aisha Amara Anouk Astrid Chiara Elif Emma Fatima Freya Greta Hana Ingrid Jana Keiko Lena
Mei Nadia Noor Priya Saoirse Thandi Yara Zoë Anders Arjun Björn Callum Dmitri Emre Finn Hiroshi Jonas Kofi Lars
Marek Mateo Noah Ola Pierre Rasmus Sven Théo Tariq Yusuf
""".split()

FAMILY_NAMES = """
Abreu Almeida Alves Amaral Andrade Antunes Araújo Azevedo Barbosa Barros Batista Borges Brito Cabral Cardoso
Carvalho Castro Coelho Correia Costa Cruz Dias Domingues Duarte Esteves Faria Fernandes Ferreira Figueiredo Fonseca
Freitas Gaspar Gomes Gonçalves Guerreiro Henriques Leal Leite Lima Lopes Lourenço Macedo Machado Magalhães Marques
Martins Matos Melo Mendes Miranda Monteiro Morais Moreira Moura Nascimento Neves Nogueira Nunes Oliveira Pacheco
Paiva Pereira Pinheiro Pinho Pinto Pires Prado Queiroz Ramos Rebelo Reis Ribeiro Rocha Rodrigues Sampaio Santos
Saraiva Serra Silva Simões Soares Sousa Tavares Teixeira Torres Valente Vaz Vicente Vieira Abdi Andersen Bauer
Brennan Chen Dubois Eriksen Fischer Haddad Hansen Ito Janssen Kaya Kowalski Lindqvist Mbeki Moreau Murphy Nakamura
Novak Okafor O'Shea Patel Rossi Schneider Sørensen Tanaka Weber Yilmaz
""".split()

STREETS = (
    "Rua da Boavista|Rua do Salitre|Travessa do Cabral|Largo do Carmo|Rua das Flores|Avenida Almirante Reis|"
    "Rua de São Bento|Calçada da Estrela|Rua dos Remédios|Beco do Forno|Rua Nova do Carvalho|Rua da Voz do Operário"
).split("|")

COMPANIES = (
    ("Lumen Studios", "events", "lumen.example"),
    ("Studio Norte", "design", "studionorte.example"),
    ("Atelier 9", "architecture", "atelier9.example"),
    ("Café Estrela", "café", "cafeestrela.example"),
    ("Padaria do Bairro", "bakery", "padariabairro.example"),
    ("Hotel Miradouro", "hotel", "miradouro.example"),
    ("Lindqvist & Sons Joinery", "joinery", "lindqvist.example"),
    ("The Reading Room", "bookshop", "readingroom.example"),
    ("Clínica Ribeira", "clinic", "ribeira.example"),
    ("Bold Bicycle Workshop", "bicycles", "boldbicycle.example"),
)
COMPANY_FIRST = (
    "Casa|Quinta|Taberna|Mercearia|Oficina|Estúdio|Galeria|Livraria|Pensão|Escola|Cantina|Padaria|Café|Loja|Teatro"
).split("|")
COMPANY_LAST = (
    "da Graça|do Cais|Azul|das Laranjas|do Largo|Nova|São Vicente|do Jardim|da Maré|do Alto|Santa Luzia|da Ponte|"
    "Três Gatos|do Farol|da Praça|Ultramarina|do Pátio"
).split("|")
INDUSTRIES = (
    "café",
    "restaurant",
    "hotel",
    "office",
    "bookshop",
    "gallery",
    "school",
    "co-working",
    "bakery",
)
JOB_TITLES = (
    "Owner|Office manager|Head chef|Head of events|Buyer|Barista|General manager|Front of house|Studio manager|"
    "Librarian|Head baker|People and culture|Producer|Accountant"
).split("|")

LIKES = (
    "Flat white, oat milk, extra hot|Filter only, and the fruitier the better|Cortado, no sugar, two biscuits|"
    "The window seat before nine|Ethiopian naturals, especially Guji|Decaf after three o'clock|"
    "Cold brew from May to October|A very dark espresso and the newspaper|Chai, but never admits it|"
    "Our cinnamon rolls on Fridays|Whole beans, never ground|The blue cup, not the white one|"
    "Subscribes to everything from Colombia|Cappuccino with cocoa, like in Bologna|"
    "Pour-over on the scales, likes to watch|Buys beans as presents, wants the ribbon"
).split("|")
LIMITS = (
    "Allergic to hazelnut|Lactose intolerant|No caffeine until the baby comes|Coeliac: no crumbs on the board|"
    "Allergic to peanuts|Vegan|Diabetic: never suggest syrup|No perfume at the table, migraines"
).split("|")
PETS = (
    "Golden retriever Pipoca waits outside|Cat Mozart, 14, has a bad hip|Two parrots who say “espresso”|"
    "Greyhound Nimbus, rescued last year|Tortoise Speedy, older than the café|Beagle puppy Tremoço eats napkins"
).split("|")
FAMILY = (
    "Daughter Matilde plays the cello|Twins start school next September|Her mother comes from Goa|"
    "Son studies in Utrecht|Married to a pastry chef, be careful with the cake|Grandfather of five, has photos|"
    "Sister runs the flower stall by the station|Expecting a second child in spring"
).split("|")
ATTITUDES = (
    "Prefers not to be called before ten|Always in a hurry on Mondays, never on Saturdays|"
    "Loves to be asked about the recipe|Says “no rush” and means today|Writes longer letters than anyone|"
    "Hates small talk until the first sip|Tips with drawings on napkins|Forgives everything except cold milk"
).split("|")
OPENERS = (
    "How did the cello exam go?|Did the flat in Alfama work out?|Is the new espresso machine behaving?|"
    "How was the walk to Santiago?|Did the sourdough survive the holiday?|Has the kitchen been finished?|"
    "How is the knee after the marathon?|Did the Guji travel well to Copenhagen?|"
    "What did the jury say about the book?|Is the baby sleeping yet?|How was the opening night?|"
    "Did the cat come home?|How is the Portuguese course going?|Did they like the tasting box?"
).split("|")

VISITS = (
    "Two flat whites and a long talk about {season}|Picked up {kilos} kg of {bean}; we chatted about {season}|"
    "Came in soaked, left warm. Tried the {bean} and bought a bag|Sat by the window with a laptop and three cortados|"
    "Brought a friend who had never had filter coffee. A convert|"
    "Asked for the quiet table; had a phone call that went well|Took home {bean} for the weekend|"
    "Birthday breakfast for six, candles in the cinnamon rolls|Forgot an umbrella, it is behind the counter|"
    "Tasted the new {bean} with us. “Like a peach in a library”|Only five minutes today, but smiled"
).split("|")
CALLS = (
    "Asked whether we can deliver before eight; we can from {month}|Ordered {kilos} kg of {bean} for the office|"
    "Grinder sounds like gravel. Talked it through, the burrs need changing|Wants to move the delivery to Thursdays|"
    "Called to say thanks for the sample box|Asked for an invoice with the new tax number; sent it while we talked|"
    "Had a question about water hardness; it was the filter after all"
).split("|")
EMAILS = (
    "Sent the price list for {month}|Asked about gift sets for {people} people|"
    "Wrote that the {bean} arrived in one day|Wants to pause the subscription over the summer|"
    "Sent photos of their espresso corner. Very proud, rightly|Confirmed the tasting on the {day}th"
).split("|")
MESSAGES = (
    "“Is the {bean} back yet?” Told them: on Friday|“Can you keep one cinnamon roll?” We did|"
    "Sent a photo of the first latte heart. It looks like a turnip|“Running ten minutes late, is my table safe?” It is|"
    "Asked for the recipe of the cold brew; sent it"
).split("|")
MEETINGS = (
    "Cupping with the team: {bean} won, the decaf surprised everyone|Walked through the plan for the new corner bar|"
    "Went over the year: {kilos} kg a month, happy with Thursdays|Trained three baristas; milk is better, patience too"
).split("|")
REQUESTS = (
    "Would like an offer for {kilos} kg of {bean} a month|Asks whether we could cater for {people} on the {day}th|"
    "Needs allergen information for all cakes|Wants a loan grinder while theirs is being repaired"
).split("|")
JOBS = (
    "Serviced the espresso machine, changed two gaskets|Set up the grinder and showed how to dial in|"
    "Delivered {kilos} kg and took the old sacks back"
).split("|")
NOTES = (
    "Saw them in the newspaper: the opening was a success|Moved to {street}, ten minutes closer|"
    "Recommended us to the neighbours|Thinks about opening a second place"
).split("|")
THOUGHTS = (
    "Might enjoy the roasting morning, invite|Could be a good match for the gallery’s openings|"
    "Feels a little forgotten since the summer; write by hand"
).split("|")
OUTCOMES = ("agreed", "will think about it", "happy", "sorted out", "call back in a week", "order to follow")
BEANS = (
    "Guji",
    "Huila",
    "Santos",
    "Kayanza",
    "Yirgacheffe",
    "decaf",
    "Harbor Blend",
    "Pine Espresso",
    "Antigua",
)
SEASONS = {
    12: "Christmas markets",
    1: "the cold",
    2: "carnival",
    3: "the first warm days",
    4: "Easter",
    5: "the garden",
    6: "the sardines festival",
    7: "the beach",
    8: "holidays",
    9: "going back to school",
    10: "chestnuts",
    11: "new wine",
}
TAGS = ("regular", "neighbour", "events", "wholesale", "press", "subscription", "tasting", "brings friends")
