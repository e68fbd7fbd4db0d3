"""The yearly plan (年度计划): types, tasks and key activities with their lead departments. Not here: the classes held under them."""
