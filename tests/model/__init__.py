"""The merge rules said a second time, as a small program that knows neither Markdown nor trackers nor the engine.

`fields` are the words that people write and what they mean, `rules` decide one field, `world` plays people, runs and
deaths; `engine` plays the same with closeout itself, and `lockstep` compares the two after every run. Change a rule
here with the rule there, and say so in a decision.
"""
