"""What is installed is what pyproject.toml asks for: every dependency is pinned, and within its bounds."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [
    Requirement(line)
    for line in PROJECT["dependencies"]
    + [one for group in PROJECT["optional-dependencies"].values() for one in group]
]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return {
        canonicalize_name(package): version
        for package, version in PIN.findall((ROOT / name).read_text(encoding="utf-8"))
    }


LOCKED = pins("requirements.lock") | pins("requirements-weights.lock")


@pytest.mark.parametrize("requirement", ASKED, ids=lambda requirement: requirement.name)
def test_each_dependency_is_pinned_within_its_bounds(requirement: Requirement):
    if requirement.name == "torch":  # not in the lock: its builds differ in what they need
        assert re.fullmatch(r"==[0-9.]+", str(requirement.specifier))
        return
    assert requirement.specifier.contains(LOCKED[canonicalize_name(requirement.name)], prereleases=True)


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-weights.lock"])
def test_every_pin_has_its_checksums_and_no_path_of_a_machine(file: str):
    text = (ROOT / file).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in entries if PIN.match(entry))
    assert "file:" not in text
    assert "--find-links" not in text


def test_no_package_for_another_processor_is_pinned():
    assert not [name for name in LOCKED if name.startswith(("nvidia-", "triton", "torchvision"))]
