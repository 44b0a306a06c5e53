"""The Accelerator in the admin: providers and their vetting, applications, scorecards."""
