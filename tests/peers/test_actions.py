"""What users of similar Actions suffered from a runner's own token; what the pages say of it."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs/how-to"


def test_maester_1761_the_page_names_a_token_whose_pull_requests_run_their_checks() -> None:
    """maester365/maester#1761: pull requests of a runner's own token never ran their checks
    (aws/karpenter-provider-aws#4525)."""
    page = (PAGES / "action-github.md").read_text("utf-8")
    assert "starts no workflow, so required checks never run on it" in page.replace("\n", " ")
    assert "actions/create-github-app-token" in page


def test_lon_19_the_page_on_forgejo_says_which_token_starts_workflows() -> None:
    """nikstur/lon#19: on Forgejo, too, a runner's own token starts no workflow."""
    page = (PAGES / "action-forgejo.md").read_text("utf-8")
    assert "starts no other workflow" in page
    assert "token: ${{ secrets.CLOSEOUT }}" in page
