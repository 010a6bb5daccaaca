"""Time zones by the abbreviations that outlets print after a time of day."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_REGIONS = {
    **dict.fromkeys(("ET", "EST", "EDT", "EASTERN"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT", "CENTRAL"), "America/Chicago"),
    **dict.fromkeys(("MT", "MDT", "MOUNTAIN"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT", "PACIFIC"), "America/Los_Angeles"),
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    **dict.fromkeys(("AEST", "AEDT", "AET"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    **dict.fromkeys(("CET", "CEST", "MEZ", "MESZ"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Helsinki"),
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
}
"""Zones with summer time. The season of the day counts, not that of the abbreviation: most who write
"EST" in July mean the clock on the wall. Brisbane, which writes AEST all year, is an hour off then."""

_HOURS = {
    "Z": 0.0, "UTC": 0.0, "GMT": 0.0, "BST": 1.0, "SAST": 2.0, "CAT": 2.0, "EAT": 3.0, "WAT": 1.0, "MSK": 3.0,
    "TRT": 3.0, "MST": -7.0, "HST": -10.0, "BRT": -3.0, "ART": -3.0, "GST": 4.0, "PKT": 5.0, "NPT": 5.75,
    "WIB": 7.0, "WITA": 8.0, "WIT": 9.0, "ICT": 7.0, "HKT": 8.0, "SGT": 8.0, "PHT": 8.0, "AWST": 8.0,
    "JST": 9.0, "KST": 9.0,
}  # fmt: skip
"""Zones of one offset. IST (India, Israel, Ireland) and the like are left out: nobody can tell."""

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+\-−])(\d{1,2}):?(\d\d)?$")
MAX_OFFSET_MINUTES = 14 * 60


def zone_of(name: str) -> tzinfo | None:
    """Return the zone of an abbreviation or an offset such as +02:00 or GMT+2; None where it is not known."""
    name = name.upper()
    if name in _REGIONS:
        return ZoneInfo(_REGIONS[name])
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    offset = _OFFSET.match(name)
    if offset is None:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes > MAX_OFFSET_MINUTES:
        return None
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
