"""The sellers' face, as far as it is nobody's own: doors, moments, downloads.

Claims and insurance each bring their pages; whoever comes in, comes in here.
"""
