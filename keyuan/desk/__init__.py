"""Each person's home (工作台) and the phone pages of trainees, teachers and liaisons, across the rooms.

It owns no facts of its own but letters of admission, which stand in the register of papers.
"""
