"""Schools (分校), organisations (单位) and what they are called. Not here: the people in them."""
