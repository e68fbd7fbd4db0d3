"""The screens of frames and filings."""
