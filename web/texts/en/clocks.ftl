### Clocks, promises and the sum behind them
milestone-next_update = Next update
milestone-dispatch = Somebody on it
milestone-plan = Plan
milestone-contingency_plan = Contingency plan
milestone-fix_plan = Fix plan
milestone-on_site = On site
milestone-substitute = Spare equipment
milestone-return = Return
milestone-report = Fault report
clock-state-running = running
clock-state-paused = paused
clock-state-met = kept
clock-state-breached = broken
length-min = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
length-h = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
length-d = { $count ->
    [one] 1 day
   *[other] { $count } days
}
length-w = { $count ->
    [one] 1 week
   *[other] { $count } weeks
}
length-mo = { $count ->
    [one] 1 month
   *[other] { $count } months
}
length-wd = { $count ->
    [one] 1 working day
   *[other] { $count } working days
}
why-elapsed = every minute counts
why-agreed = up to the date the customer confirmed
why-open = working hours
why-open-make-up = make-up working day ({ $name })
why-open-own = own hours ({ $name })
why-closed = outside working hours
why-weekend = weekend
why-holiday = public holiday: { $name }
why-free-own = own free day: { $name }
why-day-of-report = day of report, not counted
why-paused-waiting_for_customer = paused: waiting for the customer
why-paused-waiting_for_third_party = paused: waiting for a third party
why-paused-other = paused: { $status }
why-solved = solved, until opened again
why-earlier = before the count began anew
account-title = The sum, day by day
account-from = From
account-to = To
account-counted = Counted
account-why = Why
account-total = Total
account-target = Promised: { $length }, calendar { $calendar }
account-due = Due { $when }
account-met = Done { $when }
account-late = Late by { $span }
account-left = { $span } left
account-none = This plan promises no times.
explain-head = Plan { $plan } ({ $title }), level { $severity }, { $kind }
explain-opened = Opened { $when }
plan-ok = { $plan }: no fault found.
event-request = { $who } changed the kind of request to { $what }
event-handling = { $who } moved handling to { $what }
event-step = { $who }: { $what }
event-plan-confirmed = { $who }: plan confirmed, due { $what }
event-contested = { $who } disagrees with the level
event-taken = { $who } takes care of it
event-difficulty = { $who } set the difficulty to { $what }
event-region = { $who } set the region to { $what }
event-plan-changed = { $who } applied service plan { $what }
event-escalated = Told: { $value }
event-attention = Needs attention
mode-chat = chat
mode-phone = phone
mode-remote = remote
mode-on_site = on site
step-plan_proposed = a plan was proposed
step-arrived = arrived on site
step-substitute_provided = spare equipment provided
step-repaired_on_site = repaired on site
step-returned = equipment arrived for repair
step-report_sent = the fault report was sent
difficulty-ordinary = ordinary
difficulty-difficult = difficult
nav-plans = Plans
plan-id = Plan
plan-title = Name
plan-scheme = Levels
plan-version = Version
plan-promises = Promises
plan-milestone = Promise
plan-kind = Kind of request
plan-calendar = Calendar
plan-every-kind = every kind
plan-comma = {", "}
plan-escalation = Who is told
plan-source = The plan as written
plan-source-help = Saving makes a new version; tickets that run keep theirs until somebody applies it.
plan-no-fault = No fault found.
plan-note = What changed
plan-check = Check
plan-save = Save as a new version
plan-form = Change by form
plan-form-help = Lengths: 30min, 2h, 3d (days), 2wd (working days), 1w, 1mo. Hours are separated by commas; empty means free. Comments of the file stay.
plan-within = Within
plan-changed-meanwhile = Somebody saved another version meanwhile. This is how the plan stands now; look at it, then make your change again.
plan-older = { $n } running tickets under an older version
plan-running = Running tickets
plan-running-none = No ticket runs under an older version
plan-running-none-text = Every running ticket is counted under the newest version.
plan-running-help = The chosen tickets are counted under the new version; breaches on record stay. At most 50 are shown at a time.
plan-before = Now
plan-after = Afterwards
plan-apply = Apply to the chosen tickets
plan-none-chosen = No ticket is chosen: tick at least one.
flash-plan-applied = Applied to the chosen tickets.
flash-holidays = The holidays are imported; running tickets are being counted anew.
holidays-title = Holidays
holidays-year = Year
holidays-free = Free days
holidays-worked = Make-up working days
holidays-missing = The holidays of { $value } are not known: until they are imported, Monday to Friday count as worked.
holidays-import = Import holidays
holidays-set = Set
holidays-file = CSV or iCalendar (.ics) file
holidays-help = A CSV has the columns date, name, is_off_day; in iCalendar a summary with 班 is a make-up working day. The newest import of a date holds.
holidays-no-file = Please choose a file.
holidays-too-large = The file is too large: at most { $n } MB.
notices-title = Somebody needs to take these
notices-take = I'll take it
queue-working-left = { $span } of working time left
severity-contested = The customer contests the level: { $value }
weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun
explain-contract = Contract { $contract } differs from the plan in: { $keys }
plan-of-ticket = Service plan
flash-plan = The new version is saved.
flash-happened = Recorded.
step-opening = { $value }: when the ticket opens
step-due = { $value }: when it is due
step-before = { $name }: { $span } before it is due
step-after = { $name }: { $span } after it was due
happened = Record what happened
happened-choose = Choose …
happened-steps = What happened
happened-handling = Handling moves to
happened-kind = The kind of request is
happened-difficulty = The difficulty is
happened-region = The region is
happened-plan-confirmed = the customer confirmed a plan (give its date)
happened-due = Date of the plan
happened-note = Note
take-care = I will take care of it
problem-plan-date = Please give the date the customer confirmed.
problem-note = Please say why; for on site, who agreed to it.
