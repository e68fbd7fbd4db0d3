"""The public door (门户): the front page, verification of certificates, and what the platform owes the public to say.

Belongs here: pages that anybody may open. Does not belong here: anything that needs to know who asks.
"""
