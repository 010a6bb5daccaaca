"""The names and signs of currencies, as sums are written in news."""

import re

SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "₽": "rouble", "₩": "won"}
"""The currency of each sign that stands before a sum; the dollar of any country is one."""

_PLURALS = {
    "euro": "euros euro",
    "dollar": "dollars",
    "pound": "pounds",
    "yen": "yen",
    "yuan": "yuan renminbi",
    "rupee": "rupees",
    "franc": "francs",
    "krone": "kroner",
    "krona": "kronor",
    "koruna": "koruny korun koruna",
    "zloty": "zlotys zloty zlotych",
    "forint": "forints forint",
    "lira": "lira liras",
    "lei": "lei",
    "peso": "pesos",
    "real": "reais",
    "rouble": "roubles rubles",
    "hryvnia": "hryvnias hryvnia",
    "dirham": "dirhams",
    "dinar": "dinars",
    "riyal": "riyals",
    "shekel": "shekels",
    "shilling": "shillings",
    "naira": "naira",
    "rupiah": "rupiah",
    "ringgit": "ringgit",
    "baht": "baht",
    "taka": "taka",
    "dong": "dong",
    "mark": "marks",
    "crown": "crowns",
    "rand": "rand",
}
CURRENCIES = {word: currency for currency, forms in _PLURALS.items() for word in forms.split()}
"""The currency of each word that stands after a sum."""

WORDS = "|".join(sorted(CURRENCIES, key=len, reverse=True))
"""These words as a pattern, longest first."""

SIGN = f"[{re.escape(''.join(SIGNS))}]"
"""The signs as a pattern."""
