"""Packages 课件包: what other tools made to be learnt from (SCORM, cmi5, H5P), taken in, looked through, never run here. Which course uses one belongs above."""
