"""How well intake reads letters that people annotated: make score LETTERS=folder"""
