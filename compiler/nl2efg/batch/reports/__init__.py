"""What is made of a finished run: summary, gallery, exports."""
