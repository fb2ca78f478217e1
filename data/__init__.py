"""What there is to know about personal data: no terminal, no printing."""
