"""Mechanisms every room stands on: access, flows, audit, sheets, papers, jobs, pages. It knows no word of the domain."""
