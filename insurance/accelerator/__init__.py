"""The Insurance Accelerator: the directory of vetted providers, and quotes from several of them."""
