"""The order of the steps: one file per effectful step, one function per command."""
