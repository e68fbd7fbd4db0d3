"""Online learning 在线学习: courses, their review by three, and what each learner has done."""
