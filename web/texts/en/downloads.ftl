# Downloads and manuals
downloads-title = Downloads
download-ask = Ask us
download-reason = Reason: { $value }
download-title-withdrawn = This file was withdrawn
download-text-withdrawn = Please do not use copies of it that you still have.
download-title-sign-in = This file is for our customers
download-text-sign-in = Open the link of one of your tickets in this browser, or ask the bot in your chat for the file: either way we know it is you.
download-title-link-ended = This link does not work any more
download-text-link-ended = Links like this one end after some time and fit one file only. Ask the bot for a new one.
download-title-not-chosen = This file is not meant for your account
download-text-not-chosen = If you think it should be, tell us and we look into it.
