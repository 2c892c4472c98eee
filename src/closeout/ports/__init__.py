"""What the engine asks of the world: Protocols only."""
