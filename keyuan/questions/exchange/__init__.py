"""Files of questions looked into and changed into other formats, without keeping anything."""
