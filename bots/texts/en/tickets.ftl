# Tickets
added = Added to { $number }; our staff will see it.
added-already = This is on { $number } already.
added-reopened = Added to { $number }. The ticket is open again and our staff will go on.
append-what = Please send what you want to add to { $number }: words, a screenshot or a log.
contest-why = { $number } is { $severity }. Should it be higher or lower? Tell us why in a sentence; our staff will judge it again.
contested = Noted for { $number }: our staff will judge the level again and tell you here.
contest-over = { $number } is done, its level does not change any more. If the problem is still there, open it again.
author-you = you
author-staff = our staff
author-system = system
card-status = Status: { $status }
card-last = Last message ({ $who }, { $when }): { $text }
clock-line = { $name }: { $state }
clock-running = by { $when }
clock-paused = clock paused
clock-met = done ({ $when })
clock-breached = late, it was due { $when }. We are sorry and are working on it
closed-already = { $number } is closed already. Thank you for your rating.
notice-assigned = { $staff } is taking care of { $number }.
notice-reply = { $staff } answered { $number } ({ $title }):
notice-resolved = { $number } ({ $title }) has been solved.
notice-works-now = Does it work now?
notice-closed = { $number } ({ $title }) is closed.
notice-waiting-for-customer = { $number } ({ $title }) is waiting for your answer. Just reply to this message.
notice-waiting-for-third-party = { $number } ({ $title }) is waiting for a third party. We will tell you as soon as there is news.
notice-status = The status of { $number } ({ $title }) is now: { $status }.
notice-severity = The level of { $number } ({ $title }) was changed: { $severity }.
notice-severity-due = New time for the solution: by { $when }.
notice-too-large = The file "{ $name }" is larger than 20 MB and cannot be taken here. Please compress it, or upload it on the web page.
notice-too-large-link = Upload it on the web page
rated = Thank you for your rating!
rated-low = Thank you for your rating. We are sorry we did not do better. { $number } is open again and goes to a manager.
rated-already = { $number } has been rated already, thank you!
reopened = { $number } is open again and our staff will go on. If you can, tell us what you see now.
reopen-open-already = { $number } is being worked on. If you can, tell us what you see now.
status-new = new
status-open = in progress
status-waiting-for-customer = waiting for you
status-waiting-for-third-party = waiting for a third party
status-resolved = solved
status-closed = closed
status-which = Which ticket would you like to see?
status-unknown = There is no ticket "{ $typed }". These are your tickets:
ticket-unknown = I could not find this ticket. Send /tickets to see yours.
tickets-heading = Your tickets:
tickets-none = You have no tickets yet.
works-not-solved-yet = { $number } is still being worked on. We will ask you once it is solved.
works-thanks = Great, { $number } is closed. How many stars do you give us?
severity-level = L{ $level }
severity-by-rule = { $level }, because { $why }
severity-unassessed = { $level } for now, because the effect is not known yet; our staff will check
severity-by-staff = { $level }, set by our staff: { $note }
why-effect-stopped = work has stopped
why-effect-at-risk = it may stop any time
why-effect-degraded = it runs but slowly
why-effect-partial = one function does not work
why-effect-inconvenient = it is inconvenient
why-scope-most = most users are affected
why-scope-many = some users are affected
why-scope-single = a single user is affected
why-scope-unknown = it is not known how many are affected
why-workaround-yes = there is a workaround
why-workaround-no = there is no workaround
why-workaround-unknown = it is not known whether there is a workaround
when-today = { $clock } UTC today
when-tomorrow = { $clock } UTC tomorrow ({ $weekday })
when-date = { $weekday }, { $month } { $day } at { $clock } UTC
when-year = { $weekday }, { $month } { $day }, { $year } at { $clock } UTC
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
span-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
terminal-name = Terminal user
terminal-hint = Type your question and press Enter. Choose buttons by number; /file PATH sends a file; Ctrl-D ends the chat.
terminal-no-file = Cannot read the file { $path }.
terminal-file-too-large = The file { $path } is larger than 20 MB and cannot be sent.
