"""How good is it? Gold questions in, honest figures and a report out."""
