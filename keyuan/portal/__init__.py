"""The public site (门户): front page, certificate verification, search. It owns no facts of its own."""
