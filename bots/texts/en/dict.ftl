dict-unknown-code = { $code } looks like one of our error codes, but it is not in our list yet. I have noted it; what follows may be about something else.
