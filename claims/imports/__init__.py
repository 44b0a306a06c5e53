"""Claims from files of others, through the same operation as a customer's own report."""
