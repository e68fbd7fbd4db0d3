"""What is done with frames and filings."""

from keyuan.filings.actions import filing, frames, moving, reminding

__all__ = ["filing", "frames", "moving", "reminding"]
