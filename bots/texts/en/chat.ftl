# The conversation: greeting, help, answers
greeting = Hello, I am the support assistant. Just send me your question or the error text; a screenshot works, too.
greeting-frequent = People often ask:
help-intro = Just send your question, such as "E-1042 when issuing an invoice". These commands work as well:
help-search = search, followed by keywords
help-report = report a fault
help-tickets = my tickets
help-status = show one ticket, followed by its number
help-human = talk to a person
help-lang = change the language (中文 / English)
help-cancel = cancel what you are filling in
help-commands = Send /help to see the commands, or simply describe the problem.
command-unknown = I do not know this command.
search-what = What are you looking for? Just send it to me, for example "printer offline".
lang-which = Choose a language / 请选择语言：
lang-set = All right, I will answer in English. Send me your question any time.
talk-hello = Hello! What can I help you with? Describe the problem or send a screenshot of the error.
talk-thanks = You are welcome. I am here whenever you need me.
talk-solved = Great! I am here whenever you need me.
talk-broken = Sorry it is not solved yet. Tell me what you see now, or use a button below.
talk-empty = I could not read this message. Please describe the problem in words, or send a screenshot.
slow-down = You are writing quite fast. I have kept all your messages; please wait a few seconds before you go on.
apology = Sorry, something went wrong on our side with your last message. We have it on record. Please send it again, or talk to a person.
answer-corrected = Showing results for "{ $words }":
answer-choices = Which of these do you mean?
answer-others = This was found as well:
answer-no-others = There are no other articles. You can report a fault or talk to a person.
answer-ask-product = Which product is it about?
answer-nothing = I found no article that solves this. You can try other words, report a fault, or talk to a person.
answer-nothing-again = Still nothing. So that you lose no more time, I suggest talking to a person, or reporting the fault.
answer-source = Read the article
answer-more = There is more: read the whole article
answer-next = Then please try this:
answer-solved = Great, solved! I am here whenever you need me.
answer-already-closed = This question has been dealt with already, thank you. If there is anything new, just send it to me.
group-private = A ticket holds personal details. Let us go on in a private chat.
files-where = { $count ->
    [one] I received a file. Where does it belong?
   *[other] I received { $count } files. Where do they belong?
}
files-what = { $count ->
    [one] I received a file. Would you like to report a fault? Or tell me in a sentence what the problem is.
   *[other] I received { $count } files. Would you like to report a fault? Or tell me in a sentence what the problem is.
}
button-solved = ✅ Solved
button-broken = ❌ Still broken
button-why = 💬 Say why
why-which = What was wrong with it? One tap is enough; we will improve the article.
why-other_problem = Not my problem
why-unclear = Steps unclear
why-did_not_work = Did not work
why-outdated = Out of date
why-no_rights = I may not do this
why-other = Something else
why-thanks = Noted, thank you. Please go on above.
button-others = Other answers
button-person = Talk to a person
button-person-now = Connect me now
button-report = Report a fault
button-unsure = Not sure
button-skip = None, skip
button-files-done = That is all
button-cancel = Cancel
button-resume = Go on with it
button-cancel-report = Cancel that report
button-confirm = ✅ Submit
button-search-first = Look for help first
button-add-to = Add this to { $number }
button-add-which = Add this to a ticket
button-append = Add something
button-status = Show status
button-works = ✅ It works
button-still-broken = ❌ Still broken
button-private = Open a private chat
button-too-old = This button is too old and no longer works. Just tell me what you need.
person-what = All right, I will get you a person. Please tell us in a sentence what it is about, so that they can help right away.
which-ticket = Which ticket does it belong to?
list-comma = ,{" "}
