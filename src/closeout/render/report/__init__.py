"""A summary in, its forms out: each takes the summary, the words of a language, and nothing else."""
