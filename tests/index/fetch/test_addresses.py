import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch.addresses import AddressRule, parse_address

RULE = AddressRule()

NOT_GLOBAL = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.0.1 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a00:1
64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:7f00:1:: 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
2002:c0a8:101:: 2002:e000:1::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0
2606:4700::1%eth0 fec0::1 ff02::1 ff0e::1 2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:7f00:1
""".split()
GLOBAL = [
    "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.0", "172.32.0.1", "::ffff:8.8.8.8",
    "2606:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "2606:4700::5efe:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_GLOBAL)
def test_an_address_that_is_not_global_is_refused(text):
    assert not RULE.allows(parse_address(text))


@pytest.mark.parametrize("text", GLOBAL)
def test_a_global_address_is_allowed(text):
    assert RULE.allows(parse_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "127.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "2130706433",
        "127.0.0.1 ",
        "\uff11\uff12\uff17.0.0.1",
        "1.2.3",
    ],
)
def test_only_the_usual_spelling_is_an_address(text):
    assert parse_address(text) is None


def test_named_networks_are_allowed_and_their_neighbours_are_not():
    rule = AddressRule(["10.20.0.0/16", "fd00:1::/32"])
    assert rule.allows(parse_address("10.20.255.1"))
    assert rule.allows(parse_address("::ffff:10.20.255.1"))
    assert rule.allows(parse_address("fd00:1::5"))
    assert not rule.allows(parse_address("10.21.0.1"))
    assert not rule.allows(parse_address("fd00:2::5"))


def test_an_allowed_tunnel_prefix_does_not_open_what_lies_behind_it():
    assert not AddressRule(["2002::/16", "64:ff9b::/96"]).allows(parse_address("2002:7f00:1::"))
    assert not AddressRule(["2002::/16", "64:ff9b::/96"]).allows(parse_address("64:ff9b::7f00:1"))
    assert AddressRule(["2002::/16", "127.0.0.0/8"]).allows(parse_address("2002:7f00:1::"))


def test_multicast_is_never_allowed():
    assert not AddressRule(["0.0.0.0/0", "::/0"]).allows(parse_address("224.0.0.1"))
    assert not AddressRule(["0.0.0.0/0", "::/0"]).allows(parse_address("ff02::1"))


@given(st.ip_addresses(v=4))
def test_no_ipv6_form_opens_an_ipv4_address_that_is_refused(address):
    number = int(address)
    forms = [
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80 | 1),
        ipaddress.IPv6Address(0x64FF9B << 96 | number),
        ipaddress.IPv6Address(0x2606 << 112 | 0x5EFE << 32 | number),
    ]
    allowed = RULE.allows(address)
    assert allowed <= address.is_global
    assert {RULE.allows(parse_address(str(form))) for form in forms} == {allowed}
