"""Who must prove cover: found for all sellers at once, stored, told, and decided about.

`insurance.compliance` is the pure rule for one seller; here the same rule runs over a market.
"""
