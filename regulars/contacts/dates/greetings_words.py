"""The standard words of greetings, before a business writes its own: kind and language give subject and text."""

_HELLO = {
    "en": "{% if salutation %}{{ salutation }}{% else %}Dear {{ first_name }}{% endif %},",
    "de": "{% if salutation %}{{ salutation }}{% else %}Hallo {{ first_name }}{% endif %},",
    "pt": "{% if salutation %}{{ salutation }}{% else %}Olá {{ first_name }}{% endif %},",
    "es": "{% if salutation %}{{ salutation }}{% else %}Hola {{ first_name }}{% endif %},",
    "fr": "{% if salutation %}{{ salutation }}{% else %}Bonjour {{ first_name }}{% endif %},",
}
_BYE = {
    "en": "Warm wishes from all of us at {{ business }}\n{{ sender }}",
    "de": "Herzliche Grüße von uns allen, {{ business }}\n{{ sender }}",
    "pt": "Um abraço de todos nós, {{ business }}\n{{ sender }}",
    "es": "Un abrazo de todo el equipo de {{ business }}\n{{ sender }}",
    "fr": "Bien à vous, toute l’équipe de {{ business }}\n{{ sender }}",
}
_SAID = {
    ("birthday", "en"): (
        "Happy birthday, {{ first_name }}",
        "Happy birthday{% if years %} and all the best for your {{ years }}{% endif %}.",
    ),
    ("birthday", "de"): (
        "Alles Gute zum Geburtstag, {{ first_name }}",
        "alles Gute zum {% if years %}{{ years }}. {% endif %}Geburtstag.",
    ),
    ("birthday", "pt"): (
        "Parabéns, {{ first_name }}",
        "Muitos parabéns{% if years %} pelos {{ years }} anos{% endif %}.",
    ),
    ("birthday", "es"): (
        "Feliz cumpleaños, {{ first_name }}",
        "Feliz cumpleaños{% if years %}, y enhorabuena por los {{ years }}{% endif %}.",
    ),
    ("birthday", "fr"): (
        "Joyeux anniversaire, {{ first_name }}",
        "Joyeux anniversaire{% if years %} pour vos {{ years }} ans{% endif %}.",
    ),
    ("anniversary", "en"): (
        "Thinking of you on {{ day }}",
        "Today is a day to remember{% if occasion %}: {{ occasion }}{% endif %}"
        "{% if years %}, {{ years }} years ago{% endif %}. We are glad to know you.",
    ),
    ("anniversary", "de"): (
        "Wir denken am {{ day }} an Sie",
        "heute ist ein besonderer Tag{% if occasion %}: {{ occasion }}{% endif %}"
        "{% if years %}, vor {{ years }} Jahren{% endif %}. Schön, dass wir uns kennen.",
    ),
    ("anniversary", "pt"): (
        "Lembrámo-nos de si no dia {{ day }}",
        "Hoje é um dia especial{% if occasion %}: {{ occasion }}{% endif %}"
        "{% if years %}, há {{ years }} anos{% endif %}. Que bom conhecê-lo.",
    ),
    ("anniversary", "es"): (
        "Nos acordamos de usted el {{ day }}",
        "Hoy es un día especial{% if occasion %}: {{ occasion }}{% endif %}"
        "{% if years %}, hace {{ years }} años{% endif %}. Qué bueno conocernos.",
    ),
    ("anniversary", "fr"): (
        "Une pensée pour vous le {{ day }}",
        "Aujourd’hui est un jour particulier{% if occasion %} : {{ occasion }}{% endif %}"
        "{% if years %}, il y a {{ years }} ans{% endif %}. Heureux de vous connaître.",
    ),
    ("renewal", "en"): (
        "{{ occasion | default: 'Your renewal' }} on {{ day }}",
        "{{ occasion | default: 'Your renewal' }} comes up on {{ day }}. Shall we look at it together before?",
    ),
    ("renewal", "de"): (
        "{{ occasion | default: 'Ihre Verlängerung' }} am {{ day }}",
        "{{ occasion | default: 'Ihre Verlängerung' }} steht am {{ day }} an. Sehen wir vorher gemeinsam darauf?",
    ),
    ("renewal", "pt"): (
        "{{ occasion | default: 'A sua renovação' }} a {{ day }}",
        "{{ occasion | default: 'A sua renovação' }} é a {{ day }}. Vemos isso juntos antes?",
    ),
    ("renewal", "es"): (
        "{{ occasion | default: 'Su renovación' }} el {{ day }}",
        "{{ occasion | default: 'Su renovación' }} es el {{ day }}. ¿Lo vemos juntos antes?",
    ),
    ("renewal", "fr"): (
        "{{ occasion | default: 'Votre renouvellement' }} le {{ day }}",
        "{{ occasion | default: 'Votre renouvellement' }} arrive le {{ day }}. On le regarde ensemble avant ?",
    ),
    ("other", "en"): (
        "{{ occasion | default: 'Thinking of you' }}",
        "We are thinking of you today{% if occasion %} ({{ occasion }}){% endif %}.",
    ),
    ("other", "de"): (
        "{{ occasion | default: 'Wir denken an Sie' }}",
        "wir denken heute an Sie{% if occasion %} ({{ occasion }}){% endif %}.",
    ),
    ("other", "pt"): (
        "{{ occasion | default: 'A pensar em si' }}",
        "Hoje lembrámo-nos de si{% if occasion %} ({{ occasion }}){% endif %}.",
    ),
    ("other", "es"): (
        "{{ occasion | default: 'Pensando en usted' }}",
        "Hoy nos acordamos de usted{% if occasion %} ({{ occasion }}){% endif %}.",
    ),
    ("other", "fr"): (
        "{{ occasion | default: 'Une pensée pour vous' }}",
        "Nous pensons à vous aujourd’hui{% if occasion %} ({{ occasion }}){% endif %}.",
    ),
    ("with_us", "en"): (
        "{{ years }} {% if years == 1 %}year{% else %}years{% endif %} together",
        "You have been with us for {{ years }} {% if years == 1 %}year{% else %}years{% endif %} now. Thank you.",
    ),
    ("with_us", "de"): (
        "{{ years }} {% if years == 1 %}Jahr{% else %}Jahre{% endif %} zusammen",
        "Sie sind jetzt {{ years }} {% if years == 1 %}Jahr{% else %}Jahre{% endif %} bei uns. Vielen Dank.",
    ),
    ("with_us", "pt"): (
        "{{ years }} {% if years == 1 %}ano{% else %}anos{% endif %} juntos",
        "Já está connosco há {{ years }} {% if years == 1 %}ano{% else %}anos{% endif %}. Obrigado.",
    ),
    ("with_us", "es"): (
        "{{ years }} {% if years == 1 %}año{% else %}años{% endif %} juntos",
        "Lleva {{ years }} {% if years == 1 %}año{% else %}años{% endif %} con nosotros. Gracias.",
    ),
    ("with_us", "fr"): (
        "{{ years }} {% if years == 1 %}an{% else %}ans{% endif %} ensemble",
        "Cela fait {{ years }} {% if years == 1 %}an{% else %}ans{% endif %} que vous êtes avec nous. Merci.",
    ),
}

# The personal line comes first: a greeting that begins with what only a friend would know is no circular.
STANDARD: dict[tuple[str, str], tuple[str, str]] = {
    (kind, language): (
        subject,
        f"{_HELLO[language]}\n\n{{% if personal %}}{{{{ personal }}}}\n\n{{% endif %}}{said}\n\n{_BYE[language]}",
    )
    for (kind, language), (subject, said) in _SAID.items()
}
