"""Works out what the words of a sentence are, and what they are to each other."""
