"""Works out what a number counts, what was done to it, and what belongs together; finds items."""
