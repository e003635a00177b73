"""What generated code may say, read before it runs."""
