"""One module per figure, and the report. Reads results, computes nothing of its own."""
