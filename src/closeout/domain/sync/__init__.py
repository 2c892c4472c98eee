"""The decisions of a run, in the order of the data flow: identity, match, fit, merge, plan, guard."""
