"""Screens of approvals: the inbox, one request, chains, delegations."""
