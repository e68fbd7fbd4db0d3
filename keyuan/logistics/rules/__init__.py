"""Who may see and arrange what, and the pure art of dividing people over groups, rooms, vehicles and seats."""

from keyuan.logistics.rules.access import CONTACT_DAYS, keeps

__all__ = ["CONTACT_DAYS", "keeps"]
