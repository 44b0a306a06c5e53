"""The sellers' face of insurance: the requirement, their certificates, providers and quotes."""
