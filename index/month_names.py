"""Names of the months in the languages of the archive's sources, and text folded so that they compare.

The names are those of the Unicode CLDR, full and abbreviated, in the nominative and in the case that
dates take; languages whose names contradict each other (Croatian and Czech) are not both here.
"""

import unicodedata

MONTH_NAMES: dict[str, str] = {
    "en": (
        "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, "
        "september sep sept, october oct, november nov, december dec"
    ),
    "de": (
        "januar jan jänner, februar feb feber, märz mär maerz, april apr, mai, juni jun, juli jul, "
        "august aug, september sept sep, oktober okt, november nov, dezember dez"
    ),
    "fr": (
        "janvier janv, février févr, mars, avril avr, mai, juin, juillet juil, août, septembre sept, "
        "octobre oct, novembre nov, décembre déc"
    ),
    "es": (
        "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, "
        "septiembre sept setiembre, octubre oct, noviembre nov, diciembre dic"
    ),
    "it": (
        "gennaio gen, febbraio feb, marzo mar, aprile apr, maggio mag, giugno giu, luglio lug, agosto "
        "ago, settembre set, ottobre ott, novembre nov, dicembre dic"
    ),
    "pt": (
        "janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, agosto "
        "ago, setembro set, outubro out, novembro nov, dezembro dez"
    ),
    "ca": (
        "gener gen, febrer febr, març, abril abr, maig, juny, juliol jul, agost ag, setembre set, "
        "octubre oct, novembre nov, desembre des"
    ),
    "ro": (
        "ianuarie ian, februarie feb, martie mar, aprilie apr, mai, iunie iun, iulie iul, august aug, "
        "septembrie sept, octombrie oct, noiembrie nov, decembrie dec"
    ),
    "nl": (
        "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, "
        "september sep, oktober okt, november nov, december dec"
    ),
    "sv": (
        "januari jan, februari feb, mars, april apr, maj, juni, juli, augusti aug, september sep, "
        "oktober okt, november nov, december dec"
    ),
    "nb": (
        "januar jan, februar feb, mars, april apr, mai, juni jun, juli jul, august aug, september "
        "sep, oktober okt, november nov, desember des"
    ),
    "da": (
        "januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, "
        "september sep, oktober okt, november nov, december dec"
    ),
    "is": (
        "janúar jan, febrúar feb, mars mar, apríl apr, maí, júní jún, júlí júl, ágúst ágú, september "
        "sep, október okt, nóvember nóv, desember des"
    ),
    "fi": (
        "tammikuuta tammikuu tammi, helmikuuta helmikuu helmi, maaliskuuta maaliskuu maalis, "
        "huhtikuuta huhtikuu huhti, toukokuuta toukokuu touko, kesäkuuta kesäkuu kesä, heinäkuuta "
        "heinäkuu heinä, elokuuta elokuu elo, syyskuuta syyskuu syys, lokakuuta lokakuu loka, "
        "marraskuuta marraskuu marras, joulukuuta joulukuu joulu"
    ),
    "et": (
        "jaanuar jaan, veebruar veebr, märts, aprill apr, mai, juuni, juuli, august aug, september "
        "sept, oktoober okt, november nov, detsember dets"
    ),
    "lv": (
        "janvāris janv, februāris febr, marts, aprīlis apr, maijs, jūnijs jūn, jūlijs jūl, augusts "
        "aug, septembris sept, oktobris okt, novembris nov, decembris dec"
    ),
    "lt": (
        "sausio sausis saus, vasario vasaris vas, kovo kovas kov, balandžio balandis bal, gegužės "
        "gegužė geg, birželio birželis birž, liepos liepa liep, rugpjūčio rugpjūtis rugp, rugsėjo "
        "rugsėjis rugs, spalio spalis spal, lapkričio lapkritis lapkr, gruodžio gruodis gruod"
    ),
    "pl": (
        "stycznia styczeń sty, lutego luty lut, marca marzec mar, kwietnia kwiecień kwi, maja maj, "
        "czerwca czerwiec cze, lipca lipiec lip, sierpnia sierpień sie, września wrzesień wrz, "
        "października październik paź, listopada listopad lis, grudnia grudzień gru"
    ),
    "cs": (
        "ledna leden led, února únor úno, března březen bře, dubna duben dub, května květen kvě, "
        "června červen čvn, července červenec čvc, srpna srpen srp, září zář, října říjen říj, "
        "listopadu listopad lis, prosince prosinec pro"
    ),
    "sk": (
        "januára január jan, februára február feb, marca marec mar, apríla apríl apr, mája máj, júna "
        "jún, júla júl, augusta august aug, septembra september sep, októbra október okt, novembra "
        "november nov, decembra december dec"
    ),
    "sl": (
        "januar jan, februar feb, marec mar, april apr, maj, junij jun, julij jul, avgust avg, "
        "september sep, oktober okt, november nov, december dec"
    ),
    "sr-Latn": (
        "januar jan, februar feb, mart mar, april apr, maj, jun, jul, avgust avg, septembar sep, "
        "oktobar okt, novembar nov, decembar dec"
    ),
    "sr": (
        "јануар јан, фебруар феб, март мар, април апр, мај, јун, јул, август авг, септембар сеп, "
        "октобар окт, новембар нов, децембар дец"
    ),
    "bg": (
        "януари яну, февруари фев, март, април апр, май, юни, юли, август авг, септември сеп, "
        "октомври окт, ноември ное, декември дек"
    ),
    "ru": (
        "января январь янв, февраля февраль февр, марта март мар, апреля апрель апр, мая май, июня "
        "июнь июн, июля июль июл, августа август авг, сентября сентябрь сент, октября октябрь окт, "
        "ноября ноябрь нояб, декабря декабрь дек"
    ),
    "uk": (
        "січня січень січ, лютого лютий лют, березня березень бер, квітня квітень квіт, травня "
        "травень трав, червня червень черв, липня липень лип, серпня серпень серп, вересня вересень "
        "вер, жовтня жовтень жовт, листопада листопад лист, грудня грудень груд"
    ),
    "el": (
        "ιανουαρίου ιανουάριος ιαν, φεβρουαρίου φεβρουάριος φεβ, μαρτίου μάρτιος μαρ μάρ, απριλίου "
        "απρίλιος απρ, μαΐου μάιος μαΐ μάι, ιουνίου ιούνιος ιουν ιούν, ιουλίου ιούλιος ιουλ ιούλ, "
        "αυγούστου αύγουστος αυγ αύγ, σεπτεμβρίου σεπτέμβριος σεπ, οκτωβρίου οκτώβριος οκτ, νοεμβρίου "
        "νοέμβριος νοε νοέ, δεκεμβρίου δεκέμβριος δεκ"
    ),
    "hu": (
        "január jan, február febr, március márc, április ápr, május máj, június jún, július júl, "
        "augusztus aug, szeptember szept, október okt, november nov, december dec"
    ),
    "tr": (
        "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, "
        "eylül eyl, ekim eki, kasım kas, aralık ara"
    ),
    "az": (
        "yanvar yan, fevral fev, mart mar, aprel apr, may, iyun iyn, iyul iyl, avqust avq, sentyabr "
        "sen, oktyabr okt, noyabr noy, dekabr dek"
    ),
    "ar": "يناير, فبراير, مارس, أبريل, مايو, يونيو, يوليو, أغسطس, سبتمبر, أكتوبر, نوفمبر, ديسمبر",
    "fa": "ژانویه, فوریه, مارس, آوریل, مه, ژوئن, ژوئیه, اوت, سپتامبر, اکتبر, نوامبر, دسامبر",
    "ur": "جنوری, فروری, مارچ, اپریل, مئی, جون, جولائی, اگست, ستمبر, اکتوبر, نومبر, دسمبر",
    "he": (
        "ינואר ינו, פברואר פבר, מרץ, אפריל אפר, מאי, יוני, יולי, אוגוסט אוג, ספטמבר ספט, אוקטובר אוק, "
        "נובמבר נוב, דצמבר דצמ"
    ),
    "hi": ("जनवरी, फ़रवरी फ़र, मार्च, अप्रैल, मई, जून, जुलाई जुल, अगस्त अग, सितंबर सित, अक्टूबर अक्टू, नवंबर नव, दिसंबर दिस"),
    "id": (
        "januari jan, februari feb, maret mar, april apr, mei, juni jun, juli jul, agustus agu, "
        "september sep, oktober okt, november nov, desember des"
    ),
    "ms": (
        "januari jan, februari feb, mac, april apr, mei, jun, julai jul, ogos ogo, september sep, "
        "oktober okt, november nov, disember dis"
    ),
}
"""For each language the twelve months, separated by commas; the names of one month by spaces."""

_LEVANT = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول"),
    *("تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
_MAGHREB = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر"
_MOROCCO = "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر"
_IN_HEBREW = "ב"
"""Stands before the month without a space, as in 3 במרץ 2026."""


def folded(text: str) -> str:
    """Return `text` in lower case without accents, vowel signs and invisible marks.

    So MÄRZ, März and marz are one, and so are ΜΑΡΤΙΟΥ and Μαρτίου. The length may change.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).replace("ı", "i")
    bare = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Mc", "Cf"))
    return unicodedata.normalize("NFC", bare).casefold()


def month_number(name: str) -> int:
    """Return the number of a month by its `folded` name, or 0 where it is none."""
    return _NUMBERS.get(name) or _NUMBERS.get(name.removeprefix(_IN_HEBREW), 0)


def _numbers() -> dict[str, int]:
    rows = [[names.split() for names in months.split(", ")] for months in MONTH_NAMES.values()]
    rows += [[[name] for name in row] for row in (_LEVANT, _MAGHREB.split(), _MOROCCO.split())]
    return {
        folded(name): number for row in rows for number, names in enumerate(row, start=1) for name in names
    }


_NUMBERS = _numbers()
