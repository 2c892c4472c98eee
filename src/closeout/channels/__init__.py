"""Where reports go: a comment or an issue, files, chat and mail."""
