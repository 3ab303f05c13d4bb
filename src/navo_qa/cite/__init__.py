"""How is a source named and checked? References read and written in the official form, citations verified."""
