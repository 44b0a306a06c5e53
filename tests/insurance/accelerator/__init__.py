"""The Accelerator: directory, vetting, applications, quotes."""
