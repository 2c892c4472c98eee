"""The report: rows and a date to one summary, which every form of it is made of."""
