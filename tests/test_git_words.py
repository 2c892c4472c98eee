"""What git says of an address is told without what stands in front of its host."""

from __future__ import annotations

from pathlib import Path

import pytest

from closeout import git as gits
from closeout.errors import ConfigurationError
from closeout.git import program
from closeout.git.showing import hidden
from ledgers import clone, git, remote

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"'https://x:{SECRET}@git.acme.org/a/b.git/': no", "'https://git.acme.org/a/b.git/': no"),
        (f"'https://ann@acme.org:{SECRET}@git.acme.org/a/b.git/': no", "'https://git.acme.org/a/b.git/': no"),
        (f"Invalid proxy URL 'http://me:{SECRET[:3]}/{SECRET}@proxy:3128'", "Invalid proxy URL 'http://proxy:3128'"),
        (f"https://me:it's{SECRET}@git.acme.org/a and https://b@h/c", "https://git.acme.org/a and https://h/c"),
        ("https://git.acme.org:8443/acme/p@m.git", "https://git.acme.org:8443/acme/p@m.git"),
        ("https://git.acme.org/acme/p@m.git", "https://git.acme.org/acme/p@m.git"),
        ("mail ann@acme.org", "mail ann@acme.org"),
    ],
)
def test_nothing_in_front_of_a_host_is_shown(said: str, told: str) -> None:
    assert hidden(said) == told


@pytest.mark.parametrize("name", ["ann", "ann@acme.org", "ann%40acme.org"])
def test_a_refusal_in_gits_own_words_shows_no_end_of_an_address_that_has_an_at_in_its_name(
    name: str, tmp_path: Path
) -> None:
    root = clone(remote(tmp_path), "clone")
    git(root, "remote", "set-url", "origin", f"http://{name}:{SECRET}@127.0.0.1:1/acme/pm.git")
    with pytest.raises(ConfigurationError) as caught:
        gits.remote_head(root, "refs/heads/main")
    said = str(caught.value) + gits.push(root, "HEAD", "refs/heads/main")
    assert "127.0.0.1" in said
    assert SECRET not in said
    assert name not in said
    assert "acme.org" not in said


def test_one_that_takes_too_long_is_named_by_its_command_and_not_by_the_configuration_before_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^git wait: could not be asked: no answer within 0 s\."):
        program.run(tmp_path, *program.QUIET, "-c", "alias.wait=!sleep 60", "wait", seconds=0.1)
