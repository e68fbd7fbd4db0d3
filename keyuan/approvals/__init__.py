"""Approval chains by table (审批): who decides in what order, requests, decisions, delegation. Not here: what is being approved."""
