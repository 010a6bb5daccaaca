"""Who sent a newsletter: the outlet, and the writer where the name tells one."""

import re
from dataclasses import dataclass

from index.cleaning import one_line
from index.readers.document_names import persons

_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*[<\[]\s*(?:mailto:)?(?P<address>[^<>\[\]\s]*)[>\]]?.*")
_BARE = re.compile(r"(?P<address>[^\s@<>]+@[\w.-]+)\s*(?:\((?P<name>[^()]*)\))?.*")
_PERSON_AT = re.compile(
    r"(?P<person>.{3,60}?),? (?:at|from|of|von|de|bei|chez|@|\|) (?P<outlet>(?:[A-Z\d]|[^\x00-\x7f]).{1,60})"
)
_VIA = re.compile(r"\s+(?:via|über|par)\s+\S+(?: \S+)?$|\s*\((?:newsletter|no-?reply)\)$", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:no-?reply|do-?not-?reply|info|news(?:letters?)?|mail(?:er)?|admin|hello|team)", re.IGNORECASE
)
_SENDING = re.compile(
    r"(?:e?mails?|e|em|news(?:letters?)?|m|mg|send|sender|info|reply|go|mailer|updates?|hello|bounces?|notify|mx)\d*\."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The outlet that a mail is from ("" where nothing tells it), and its writers."""

    outlet: str = ""
    authors: tuple[str, ...] = ()


def sender_of(header: str) -> Sender:
    """Return who a From header names: "Ann Lee at Harbour Post <ann@post.example>", or a host alone."""
    header = one_line(header)
    match = _NAMED.fullmatch(header) or _BARE.fullmatch(header)
    name = (match["name"] if match else header) or ""
    name = _VIA.sub("", name.strip(" \"'\\"))
    if not name or "@" in name or _NO_NAME.fullmatch(name):
        return Sender(outlet=_host(match["address"]) if match else "")
    told = _PERSON_AT.fullmatch(name)
    if told and (authors := persons(told["person"])):
        return Sender(outlet=told["outlet"], authors=authors)
    return Sender(outlet=name)


def _host(address: str) -> str:
    """Return the host of an address without the name of the machine that sends."""
    host = address.rpartition("@")[2].lower().strip(".")
    while host.count(".") > 1 and (sending := _SENDING.match(host)):
        host = host[sending.end() :]
    return host
