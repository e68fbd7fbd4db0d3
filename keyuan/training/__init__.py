"""Training classes (班次): quota, nomination, roster, timetable, closing, dossier. Not here: the ledger and the evaluations it feeds."""
