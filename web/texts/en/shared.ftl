# Words every page uses.
brand = Firstline
skip-to-content = Skip to content
main-navigation = Main navigation
breadcrumbs = Where you are
pages = Pages
page-newer = Newer
page-older = Older
switch-theme = Light or dark
save = Save
cancel = Cancel
me = me
nobody = Nobody yet
severity = Severity
severity-short = L{ $n }
severity-option = L{ $n } { $n ->
    [1] – work has stopped for most people
    [2] – urgent
    [3] – normal
   *[other] – minor
}
timeline = What happened so far
internal-note = Internal note
edited = edited
earlier-wordings = { $n ->
    [one] 1 earlier wording
   *[other] { $n } earlier wordings
}

time-today = today
time-yesterday = yesterday
time-tomorrow = tomorrow
span-moment = less than a minute
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n } d

chip-due-in = due in { $span }
chip-overdue = overdue by { $span }
chip-missed = { $span } late
chip-paused = paused
chip-kept = kept
chip-none = no due time

status-new = New
status-open = In progress
status-waiting_for_customer = Waiting for customer
status-waiting_for_third_party = Waiting for a third party
status-resolved = Resolved
status-closed = Closed

milestone-first_response = First response
milestone-resolve = Solution

channel-telegram = Telegram
channel-discord = Discord
channel-web = Web chat
channel-terminal = Terminal
channel-api = API

author-customer = Customer
author-you = You
author-staff = Support
author-bot = Assistant
author-system = System
author-program = A program

file-waiting = still arriving
file-too_large = too large to be sent here
file-failed = could not be fetched
file-stored = stored

event-opened = { $who } opened the ticket. { $what }
event-status = { $who } set the status to { $what }
event-severity = { $who } changed the severity. { $what }
event-assigned = { $who } assigned the ticket to { $what }
event-routed = The ticket was assigned to { $what }
event-assigned-outside = { $what } is looking after this now
event-unassigned = { $who } put the ticket back for anybody to take
event-edited = { $who } changed a message
event-rated = { $who } rated this { $what }
event-breached = Promise missed: { $value }

flash-sent = Sent.
flash-noted = Note saved. Only colleagues see it.
flash-confirmed = Good to hear! The ticket is closed.
flash-reopened = The ticket is open again. We are on it.
flash-rated = Thank you for the rating.
flash-severity = Severity changed.
flash-assigned = Assigned.
flash-status = Status changed.

problem-empty = Please write something first.

error-home = Back to the start
error-title-400 = We could not read that
error-text-400 = Something in the request was missing or too long. Please go back and try again.
error-title-403 = This is not open to you
error-text-403 = Your session may have ended, or the form is from another page. Open the page again and retry.
error-title-404 = There is nothing here
error-text-404 = The address may be mistyped, or the link may be incomplete. Check it, or start from the front page.
error-title-409 = Somebody was faster
error-text-409 = This changed while you were looking at it. Open it again and check before you repeat your change.
error-title-413 = That is too large
error-text-413 = Up to 5 files of 20 MB each are taken at once, and 40 MB in all.
error-title-429 = One moment, please
error-text-429 = There were too many requests in a short time. Try again in a little while.
error-title-500 = That was our fault
error-text-500 = Something went wrong here, and it has been recorded. Please try again; if it keeps happening, talk to us.
error-title-503 = Not available right now
error-text-503 = Nothing was saved. Please try again in a few seconds.
times-in = All times are in { $value }
