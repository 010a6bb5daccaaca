"""A connection to a vetted address still shows a certificate for the host's name."""

import shutil
import socket
import ssl
import subprocess

import pytest

from index.fetch import FetchError, FetchProblem
from tests.index.fetch.sites import LOOPBACK, Names, Site, answer

OPENSSL = shutil.which("openssl")
HOST = "stellhaven.example"

pytestmark = pytest.mark.skipif(not OPENSSL, reason="openssl makes the certificates")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def secure_site(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    site = Site(tls=context)
    site.pages["/"] = answer(b"secured")
    yield site
    site.close()


@pytest.fixture
def trusting(certificate):
    return ssl.create_default_context(cafile=certificate / "cert.pem")


NAMES = {HOST: [LOOPBACK], "orvale.example": [LOOPBACK]}


def refusal(fetcher, url):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value


def test_a_page_behind_a_good_certificate_is_fetched(secure_site, make_fetcher, trusting):
    fetcher = make_fetcher(tls=trusting, resolver=Names(NAMES))
    assert fetcher.fetch(secure_site.url(host=HOST)).body == b"secured"


def test_a_certificate_for_another_name_is_refused(secure_site, make_fetcher, trusting):
    error = refusal(make_fetcher(tls=trusting, resolver=Names(NAMES)), secure_site.url(host="orvale.example"))
    assert error.problem is FetchProblem.TLS
    assert "no secure connection to orvale.example: Hostname mismatch" in str(error)
    assert secure_site.requests == []


def test_a_certificate_does_not_count_for_the_bare_address(secure_site, make_fetcher, trusting):
    error = refusal(make_fetcher(tls=trusting), secure_site.url())
    assert error.problem is FetchProblem.TLS
    assert secure_site.requests == []


def test_a_certificate_that_nobody_trusts_is_refused(secure_site, make_fetcher):
    error = refusal(make_fetcher(resolver=Names(NAMES)), secure_site.url(host=HOST))
    assert error.problem is FetchProblem.TLS
    assert "self-signed certificate" in str(error)


def test_a_server_without_tls_is_no_secure_one(site, make_fetcher, trusting):
    site.pages["/"] = answer(b"plain")
    url = site.url(host=HOST).replace("http:", "https:")
    assert refusal(make_fetcher(tls=trusting, resolver=Names(NAMES)), url).problem is FetchProblem.TLS


def test_a_handshake_that_never_ends_is_left(make_fetcher, trusting):
    with socket.create_server((LOOPBACK, 0)) as silent:
        url = f"https://{HOST}:{silent.getsockname()[1]}/"
        fetcher = make_fetcher(tls=trusting, resolver=Names(NAMES), connect_timeout_s=0.1)
        assert refusal(fetcher, url).problem is FetchProblem.TIMEOUT
