"""What a column can mean, with the headers that people and programs use for it in several languages."""

# ruff: noqa: E501 (tables of synonyms read better with long lines)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.lib.text import words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Target:
    """A place for values. `synonyms` are separated by commas, folded when compared."""

    key: str
    label: StrOrPromise
    section: StrOrPromise
    synonyms: str = ""


NAME, REACH, ADDRESS, WORK, US, MORE = _("Name"), _("Reach"), _("Address"), _("Work"), _("To us"), _("More")

_ALL = [
    Target("display", _("Full name"), NAME, "name, full name, contact name, customer, customer name, client, guest, patient, "
           "contact, display name, file as, vollständiger name, kunde, nom complet, nombre completo, cliente, nome completo, "
           "nome, nom et prénom, nominativo, volledige naam, naam, klant"),
    Target("given", _("First name"), NAME, "first name, given name, firstname, forename, fname, first, vorname, prénom, "
           "nombre, primeiro nome, nome próprio, voornaam, fornamn, imię, förnamn"),
    Target("middle", _("Middle name"), NAME, "middle name, second name, additional name, middle, zweiter vorname, "
           "deuxième prénom, segundo nombre, nome do meio, secondo nome"),
    Target("family", _("Last name"), NAME, "last name, family name, surname, lastname, lname, last, nachname, familienname, "
           "nom, nom de famille, apellido, apellidos, apelido, sobrenome, último nome, cognome, achternaam, efternamn, nazwisko"),
    Target("prefix", _("Title before the name"), NAME, "prefix, name prefix, mr/mrs, honorific, titel, civilité, tratamiento, "
           "tratamento, titolo, aanhef"),
    Target("suffix", _("Suffix after the name"), NAME, "suffix, name suffix, generational suffix, namenszusatz, suffixe, sufijo, sufixo"),
    Target("nickname", _("Nickname"), NAME, "nickname, nick, goes by, known as, spitzname, surnom, apodo, alcunha, soprannome, roepnaam"),
    Target("pronunciation", _("Pronunciation"), NAME, "pronunciation, phonetic first name, phonetic name, aussprache, prononciation, pronúncia"),
    Target("salutation", _("Salutation"), NAME, "salutation, greeting, dear, anrede, formule de politesse, saludo, saudação, saluto"),
    Target("pronouns", _("Pronouns"), NAME, "pronouns, pronomen, pronoms, pronombres, pronomes, pronomi"),
    Target("email", _("Email"), REACH, "email, e mail, mail, email address, e mail address, email 1, primary email, e mail adresse, "
           "adresse e mail, courriel, correo, correo electrónico, endereço de email, indirizzo email, posta elettronica, e mailadres"),
    Target("email.label", _("Email: its label"), REACH),
    Target("phone", _("Phone"), REACH, "phone, phone number, telephone, tel, telephone number, contact number, primary phone, "
           "telefon, telefonnummer, téléphone, numéro de téléphone, teléfono, número de teléfono, telefone, telemóvel 2, "
           "telefono, numero di telefono, telefoon, telefoonnummer, whatsapp number"),
    Target("phone/mobile", _("Mobile phone"), REACH, "mobile, mobile phone, cell, cell phone, cellphone, mobile number, handy, mobil, "
           "mobiltelefon, portable, téléphone portable, móvil, celular, telemóvel, cellulare, mobiele telefoon, mobiel, 06"),
    Target("phone/work", _("Work phone"), REACH, "work phone, business phone, office phone, telefon geschäftlich, téléphone bureau, teléfono trabajo"),
    Target("phone/home", _("Home phone"), REACH, "home phone, private phone, telefon privat, téléphone domicile, teléfono casa"),
    Target("phone/fax", _("Fax"), REACH, "fax, fax number, business fax, telefax"),
    Target("phone.label", _("Phone: its label"), REACH),
    Target("link", _("Web page or profile"), REACH, "website, web page, url, web site, homepage, link, linkedin, linkedin url, facebook, "
           "webseite, site web, sitio web, página web, site, sito web"),
    Target("link.label", _("Web page: its label"), REACH),
    Target("handle", _("Messenger or network"), REACH, "instagram, twitter, x handle, skype, skype id, telegram, whatsapp, signal, "
           "handle, instant messenger"),
    Target("handle.network", _("Messenger: which one"), REACH),
    Target("address.full", _("Whole address in one cell"), ADDRESS, "address, full address, mailing address, postal address, anschrift, "
           "adresse, adresse complète, dirección, direccion completa, morada, endereço, indirizzo, adres"),
    Target("address.street", _("Street"), ADDRESS, "street, street address, address line 1, address 1, street 1, address1, straße, "
           "strasse, rue, calle, rua, via, straat, logradouro"),
    Target("address.extra", _("Second address line"), ADDRESS, "address line 2, street 2, address 2, address2, apartment, suite, unit, "
           "adresszusatz, complément d'adresse, complemento"),
    Target("address.city", _("City"), ADDRESS, "city, town, locality, ort, stadt, wohnort, ville, ciudad, cidade, localidade, città, plaats, stad"),
    Target("address.region", _("State or region"), ADDRESS, "state, region, province, county, state/region, state/province, bundesland, "
           "région, département, provincia, estado, distrito, regione, provincie"),
    Target("address.postcode", _("Postcode"), ADDRESS, "zip, zip code, postcode, postal code, post code, zip/postal code, plz, postleitzahl, "
           "code postal, código postal, cp, cep, cap"),
    Target("address.country", _("Country"), ADDRESS, "country, country/region, nation, land, staat, pays, país, paese, nazione"),
    Target("address.label", _("Address: its label"), ADDRESS),
    Target("company", _("Company"), WORK, "company, company name, organisation, organization, account, account name, business, employer, "
           "business name, organization name, firma, unternehmen, entreprise, société, empresa, azienda, società, bedrijf, bedrijfsnaam"),
    Target("job_title", _("Job title"), WORK, "job title, title, position, role, occupation, beruf, stelle, funktion, poste, fonction, "
           "cargo, puesto, ocupación, profissão, ruolo, professione, functie"),
    Target("department", _("Department"), WORK, "department, division, abteilung, service, département service, departamento, reparto, afdeling"),
    Target("company_domain", _("Company: web address"), WORK, "company domain, company domain name, company website, domain"),
    Target("industry", _("Company: industry"), WORK, "industry, sector, branche, secteur, industria, settore"),
    Target("size", _("Company: number of people"), WORK, "company size, number of employees, employees, headcount, mitarbeiter, effectif, empleados"),
    Target("stage", _("Lifecycle stage"), US, "stage, lifecycle stage, status, lead status, contact stage, phase, étape, etapa, estado do cliente"),
    Target("source", _("Source"), US, "source, lead source, how they found us, original source, quelle, herkunft, origine, origen, origem, fonte, bron"),
    Target("introduced_by", _("Introduced by (name or email)"), US, "introduced by, referred by, referrer, brought by, came through, "
           "empfohlen von, geworben von, recommandé par, parrain, recomendado por, indicado por, presentato da, aanbevolen door"),
    Target("owner", _("Owner (email or name)"), US, "owner, contact owner, account owner, owner email, assigned to, account manager, "
           "zuständig, betreuer, responsable, responsável, proprietario, eigenaar"),
    Target("tags", _("Tags"), US, "tags, tag, labels, groups, group membership, categories, category, list, lists, schlagwörter, kategorie, "
           "étiquettes, catégorie, etiquetas, categoría, categoria, etichette"),
    Target("note", _("Note"), US, "notes, note, comment, comments, description, remarks, memo, notiz, notizen, bemerkung, bemerkungen, "
           "remarque, remarques, commentaire, notas, observaciones, observações, comentarios, note interne, opmerking, opmerkingen"),
    Target("external_id", _("Their number in the other system"), US, "id, record id, contact id, customer id, customer number, external id, "
           "kundennummer, numéro client, número de cliente, codice cliente, klantnummer, uid"),
    Target("birthday", _("Birthday"), MORE, "birthday, date of birth, birth date, birthdate, dob, born, geburtstag, geburtsdatum, anniversaire, "
           "date de naissance, cumpleaños, fecha de nacimiento, aniversário, data de nascimento, compleanno, data di nascita, "
           "verjaardag, geboortedatum"),
    Target("date", _("Other date"), MORE, "anniversary, wedding anniversary, hochzeitstag, jahrestag, aniversario, anniversario"),
    Target("date.label", _("Other date: its label"), MORE),
    Target("related", _("Someone around them"), MORE, "spouse, partner, wife, husband, children, assistant, manager, partner name"),
    Target("related.label", _("Someone around them: who"), MORE),
    Target("language", _("Language"), MORE, "language, preferred language, locale, sprache, langue, idioma, lingua, taal"),
    Target("time_zone", _("Time zone"), MORE, "time zone, timezone, zeitzone, fuseau horaire, zona horaria, fuso horário"),
    Target("extra", _("Add to the note, with its header"), MORE),
]  # fmt: skip

TARGETS: dict[str, Target] = {target.key: target for target in _ALL}
NO_TARGET = pgettext_lazy("column", "Leave out")


def normal(header: str) -> str:
    """Return `header` as compared: folded words with single spaces, camel case and underscores split."""
    spaced = "".join(f" {c}" if c.isupper() and i and header[i - 1].islower() else c for i, c in enumerate(header))
    return " ".join(words_of(spaced.replace("_", " ")))


def words_of(text: str) -> list[str]:
    """Return the folded words of `text`, repeated ones included."""
    return [word for part in text.split() for word in words(part)]


def synonyms_of(targets: list[Target]) -> dict[str, str]:
    """Return what each synonym means; of two targets that claim one, the first has it."""
    return {
        normal(synonym): target.key
        for target in reversed(targets)
        for synonym in target.synonyms.split(",")
        if synonym.strip()
    }


SYNONYMS: dict[str, str] = synonyms_of(_ALL)
