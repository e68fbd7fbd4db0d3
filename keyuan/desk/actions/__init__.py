"""What the phone pages write: letters of admission; everything else is written by the rooms below."""
