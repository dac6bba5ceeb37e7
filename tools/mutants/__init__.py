"""Changes of the code that decides, one place at a time: do its tests object?"""
