"""A runner for tests: it carries out workflow files and action.yml as the runners of GitHub and Forgejo do."""
