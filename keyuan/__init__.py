"""Keyuan 科苑: the digital platform of a science association's academy (科协党校 · 科技人才学院)."""
