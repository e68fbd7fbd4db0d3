"""What is arranged for a class: tables, constraints, words; no behaviour."""

from keyuan.logistics.models.arrangement import PARTS, Answer, Arrangement, Group, GroupLock, Post
from keyuan.logistics.models.meals import Diner, MealTable
from keyuan.logistics.models.places import Hall, Leg, Ride, Room, Seat, Stay, Vehicle, Wish

__all__ = [
    "PARTS",
    "Answer",
    "Arrangement",
    "Diner",
    "Group",
    "GroupLock",
    "Hall",
    "Leg",
    "MealTable",
    "Post",
    "Ride",
    "Room",
    "Seat",
    "Stay",
    "Vehicle",
    "Wish",
]
