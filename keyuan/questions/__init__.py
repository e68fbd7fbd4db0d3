"""The question bank (题库): questions and their versions, marking, import and export, draws, attempts, item analysis. Not here: courses and what a quiz counts for."""
