"""`./redress chaos --seed N --minutes M`: faults of all families at once, under load.

The seed decides which faults and which load come in which order; the machine decides the moments.
"""
