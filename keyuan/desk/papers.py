"""The papers that the phone pages hand out, made and kept by the rooms they belong to."""

from keyuan.credits.papers import pdf as certificate_pdf

__all__ = ["certificate_pdf"]
