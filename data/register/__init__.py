"""The register of requests: each step from the arrival to the answer, and what it adds up to."""
