"""What a class is given and what is handed in."""

from keyuan.coursework.models.materials import Material
from keyuan.coursework.models.tasks import Enclosure, Submission, Task, Version

__all__ = ["Enclosure", "Material", "Submission", "Task", "Version"]
