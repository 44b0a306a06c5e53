"""Files of others into our records: maps, rows, fields, reports, and one loop for all of them."""
