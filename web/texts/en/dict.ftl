dict-unknown-code = { $value } looks like one of our error codes, but it is not in our list yet. We have noted it; what is shown here may be about something else.
