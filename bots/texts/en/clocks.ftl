### Promised times
promised-first-response = First reply
promised-resolve = Solved
promised-next-update = Next word from us
promised-dispatch = Somebody on it
promised-plan = A plan for you
promised-contingency-plan = Contingency plan
promised-fix-plan = Fix plan
promised-on-site = On site
promised-substitute = Spare equipment
promised-return = Equipment back
promised-report = Fault report
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
promised-within = { $name } within { $length }
promised-after-submit = Once submitted: { $promises }.
promised-line = { $name }: within { $length } (by { $when })
promised-none = Your service plan sets no times for this; we look into it as soon as we can and tell you here.
out-of-hours = We are outside working hours now; we are back { $when }.
duty-told = This level does not wait until then; told now, on duty: { $names }.
promised-no-end = Solution: your service plan sets no time; we tell you what to expect when we answer.
notice-escalated = Needs somebody: { $number } { $title } ({ $level }). { $promise }: { $when }
promised-comma = ,{" "}
