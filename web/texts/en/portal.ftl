# The customer's pages.
nav-chat = Chat with us
foot-promise = A person is always one click away.
foot-staff = Staff

home-title = Help
home-heading = What is going wrong?
home-sub = Describe it in your own words, or paste the error code.
home-hint = For example: E-1042, cannot sign in, invoice not sent
home-frequent = Often asked
home-products = Browse by product

search-label = What is going wrong?
search-placeholder = Problem or error code
search-button = Search
search-title = Search
search-corrected = Showing results for
search-nothing = No good match found
search-nothing-text = We would rather say so than send you the wrong way. Ask us in the chat, or report the fault and we will look into it.
search-count = { $n ->
    [one] 1 result
   *[other] { $n } results
}
search-more = Show more
search-not-it = Not what you need?
filter-product = Product
filter-all = All
kb-all = All articles
kb-empty = Nothing here yet
kb-empty-text = There are no articles for this choice. Ask us in the chat.
in-other-language = in Chinese

card-chat = Ask in the chat
card-chat-text = An answer at once, a person if you want one
card-report = Report a fault
card-report-text = Four short questions, then a ticket with promised times
card-tickets = My tickets
card-tickets-text = See where your tickets stand

kind-troubleshooting = Fix a problem
kind-question = Question
kind-error_code = Error code
kind-release_notice = Release
kind-manual = Manual
kind-tip = Tip

article-versions = For versions { $value }
article-updated = Updated
article-revision = Revision { $n }
verdict-question = Did this solve it?
verdict-yes = Yes, solved
verdict-no = Still broken
verdict-thanks = Great, glad it works!
verdict-thanks-text = Thank you for telling us. It helps others find this faster.
verdict-sorry = Sorry that it did not help. Let us take it from here.
verdict-solved = solved it
verdict-still_broken = did not help: still broken
verdict-next = asked for another answer
verdict-asked_for_person = asked for a person
verdict-none = no feedback
verdict-chosen = opened

visitor = Web visitor
chat-title = Chat
chat-log = Conversation
chat-hello = Hello! What can I help you with?
chat-hello-how = Tell me what happens in your own words. A screenshot or an error code helps. Say “person” at any time to reach one.
chat-label = Your message
chat-placeholder = Write a message
chat-send = Send
chat-attach = Attach files
chat-remove-file = Remove
chat-sending = sending…
chat-failed = Not sent. Tap to try again.
chat-offline = No connection. What you write is kept; we are reconnecting…
chat-too-large = Up to 5 files of 20 MB each, 40 MB in all.
chat-refresh = Show new messages

ticket-promises = Promised times
ticket-solved-question = Is it working now?
ticket-works = Yes, it works
ticket-still-broken = Still broken
ticket-rate = How did we do?
ticket-rated = Your rating. You can still change it.
ticket-reply = Write to us about this
ticket-reply-placeholder = What else should we know?
ticket-files = Screenshots or logs
ticket-send = Send
stars = { $n ->
    [one] 1 star
   *[other] { $n } stars
}
status-meaning-new = We have your report. A person will look at it shortly.
status-meaning-open = We are working on it.
status-meaning-waiting_for_customer = We need an answer from you to go on.
status-meaning-waiting_for_third_party = We are waiting for a supplier and will keep you posted.
status-meaning-resolved = We believe this is solved. Please check.
status-meaning-closed = This is done. If it comes back, write below and it opens again.
