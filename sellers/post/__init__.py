"""Letters that wait in the database and leave by mail, whatever they are about.

`letter` is the row, `text` its words, `route` the way out, `delivery` what takes one to the other,
`bounces` what comes back. Each room keeps its own letters: what they say is not known here.
"""
