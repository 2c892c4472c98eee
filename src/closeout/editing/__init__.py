"""Where a value goes, how it is said there, the splice, and the proof that nothing else changed."""
