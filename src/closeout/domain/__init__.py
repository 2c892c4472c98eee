"""Values and decisions: pure, without a word of Markdown, of files or of any host."""
