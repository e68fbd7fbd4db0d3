"""Check-in (签到), leave (请假) and absence (缺勤) for anything that has sessions. Not here: what the session teaches."""
