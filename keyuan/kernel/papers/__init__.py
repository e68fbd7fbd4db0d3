"""Documents (公文与证书): frozen facts in, .docx or PDF out, and the register of what was issued.

Belongs here: the form of official documents (GB/T 9704-2012), the PDF engine and its papers, numbers,
issuing, revoking and verifying. Does not belong here: what a class or a trainee is; a room gathers its facts.
"""
