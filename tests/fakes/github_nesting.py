"""Issues below issues."""

from __future__ import annotations

from fakes import github_lists, github_rules
from fakes.github_access import refusal
from fakes.github_issues import Call
from fakes.github_state import Repo
from fakes.github_values import Issue, Right
from fakes.http import Reply

MOST, DEEPEST = 100, 8
FAILED = "An error occurred while adding the sub-issue to the parent issue."


def parent(call: Call) -> Reply:
    """The issue that one is below; not found where it is below none."""
    _known(call)
    issue = call.issue()
    found = _find(call, call.repo.world.nested.get(issue.id, 0))
    if found is None or (call.token.right(found[0]) if call.token else Right.NONE) < Right.READ:
        raise refusal(404, "Not Found")
    return Reply(200, call.shapes.issue(*found, full=True))


def listed(call: Call) -> Reply:
    _known(call)
    issue = call.issue()
    below = [_find(call, one) for one, above in call.repo.world.nested.items() if above == issue.id]
    return github_lists.paged(call.request, call.url, [call.shapes.issue(*one) for one in below if one])


def add(call: Call) -> Reply:
    """Put an issue below another, by its id; the reply is the other one."""
    _known(call)
    above = call.issue()
    call.needs(Right.TRIAGE)
    told, nested = github_rules.sent(call.request), call.repo.world.nested
    if not isinstance(told.get("sub_issue_id"), int):
        raise refusal(422, 'Invalid request.\n\n"sub_issue_id" wasn\'t supplied.')
    found = _find(call, told["sub_issue_id"])
    if found is None:
        raise refusal(404, "The provided sub-issue does not exist")
    repo, issue = found
    if repo.owner != call.repo.owner:
        raise refusal(422, f"{FAILED} Sub issue must be owned by the same owner as the parent issue")
    if issue.id in nested and not told.get("replace_parent"):
        raise refusal(
            422, f"{FAILED} Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
        )
    if sum(one == above.id for one in nested.values()) >= MOST:
        raise refusal(422, f"{FAILED} Parent cannot have more than {MOST} sub-issues")
    if _height(nested, above.id) >= DEEPEST or issue.id == above.id:
        raise refusal(422, f"{FAILED} Sub issue would be nested too deeply, or below itself")
    nested[issue.id] = above.id
    repo.touch(issue.number)
    call.repo.touch(above.number)
    return call.told(above, 201)


def _known(call: Call) -> None:
    """A host that has no sub-issues, as GitHub Enterprise Server had none, does not know the address."""
    if not call.repo.world.sub_issues:
        raise refusal(404, "Not Found")


def _find(call: Call, number: int) -> tuple[Repo, Issue] | None:
    every = ((repo, issue) for repo in call.repo.world.repos.values() for issue in repo.issues.values())
    return next(((repo, issue) for repo, issue in every if issue.id == number), None)


def _height(nested: dict[int, int], number: int) -> int:
    height = 1
    while (number := nested.get(number, 0)) and height < DEEPEST:
        height += 1
    return height
