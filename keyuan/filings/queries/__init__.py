"""What is asked of filings: who is told, the board, sums, one unit's own."""
