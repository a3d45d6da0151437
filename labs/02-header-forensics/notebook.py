# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Header forensics: who handed this message to us?
#
# You have 75 minutes and 24 points. Every question has a form, and you need not type code. Points come from the part
# "For points" of each form. Start with the next cell: click it, then press Shift and Enter together.

# %%
from spamlab.kit import *
from helpers import *
start("02-header-forensics")

# %% [markdown]
# ## Case (3 minutes)
#
# You are on duty at the **abuse desk** of Harbor Net: it takes complaints about mail. Ms Adjoa Tembo of the consumer office
# sent four complaints, M1 to M4: the next cell lists their subjects. By noon she must know who handed them to us, and whom to
# tell. If we name the wrong one, an innocent firm is blocked and the sender goes on. At the end you hold a report, a
# checklist and a program.

# %%
inbox()

# %% [markdown]
# | our side | how you know it |
# | --- | --- |
# | border hosts: take mail from outside | `mx1.harbornet.example`, `mx2.harbornet.example` |
# | addresses of our servers | `192.0.2.224` to `192.0.2.239` |
# | results of our checks begin with | `mx.harbornet.example` |
#
# ## Worked example: message M0 (6 minutes)
#
# Each mail server adds one `Received` line **on top**. In it, `by` is the server that writes, `from` is the other side.
# The rule is RFC 5321, section 4.4.

# %%
show_route("M0", border=2)

# %% [markdown]
# **A wrong turn.** Many guides say: read the bottom line. Line 4 says that the firm's own server sent M0. But who wrote
# line 4? It arrived with the message, so the sender could invent it. We go back and start at the top.
#
# **Border.** Line 1 has our server in `by`, and our server in `from`: a step inside. Line 2 has our border host in `by`, and a
# stranger in `from`. Line 2 is the border.

# %%
inbox().message("M0").received[2]

# %% [markdown]
# **Handover.** The name after `from` is what the stranger said: the greeting. The address in round brackets is what our
# server saw. This address handed M0 over.
#
# **Chain.** `by` in line 3 is the name in `from` of line 2: they meet. `by` in line 4 does not meet `from` in line 3.
# Line 4 is forged.

# %%
inbox().message("M0").results[1]

# %% [markdown]
# **Claim.** Our server checked the message and wrote its results above its line. SPF passed for the **bounce address**, to
# which errors go back. The reader sees another domain in From. So the pass does not protect the reader.
#
# **Tell.** In line 2, the name before the address comes from DNS. It ends with the domain of the network. We write to
# `abuse@` that domain.
#
# ### Half done: the handover of P1
#
# Border is done for you. You do Handover.

# %%
question("w1")

# %% [markdown]
# ## 1. Who wrote this line? (3 minutes, 2 points)
#
# Step: **Border**. Some parts of M1 were written by our side, others came with the message. Look at the fields named
# `Authentication-Results` too: they hold results of checks. The first word says who wrote them. Decide on six statements.

# %%
question("q1")

# %% role="open" id="q1-open"
# The open way. Take away the # signs and put your own answers in; "q1-twin" is the part for points.
# answer("q1", {"1": True, "2": False, "3": True, "4": False, "5": True, "6": False, "reason": "below"})

# %% role="check" question="q1"
check("q1")

# %% [markdown]
# ## 2. The journey (4 minutes, 2 points)
#
# Step: **Chain**. Put the lines of M1 in order of travel, first step first. The four signs `+0300` after a time are its zone:
# hours ahead of UTC, the world's common time.

# %%
question("q2")

# %% role="open" id="q2-open"
# A line is named by its id, the signs after "id" in the line. First step first.
# answer("q2", ["4aBcD", "4eFgH", "4iJkL"])

# %% role="check" question="q2"
check("q2")

# %% [markdown]
# ## 3. Border (5 minutes, 3 points)
#
# Step: **Border**. Find the line of M2 that one of our border hosts wrote about somebody outside. The sender of M2 tries to
# mislead you.

# %%
question("q3")

# %% role="open" id="q3-open"
# answer("q3", "4aBcD")

# %% role="check" question="q3"
check("q3")

# %% [markdown]
# ## Vote: which line do you show? (5 minutes)
#
# 1. Answer alone. Nothing is told back.
# 2. Explain your choice to your neighbour. Listen to theirs.
# 3. Answer again in the same form.

# %%
question("v1")

# %% [markdown]
# ## 4. Handover (4 minutes, 2 points)
#
# Step: **Handover**. Which IP address gave M2 to us? An address that begins with `10.`, `192.168.` or `172.16.` to `172.31.` is
# private: many networks use it inside.

# %%
question("q4")

# %% role="open" id="q4-open"
# answer("q4", "192.0.2.7")

# %% role="check" question="q4"
check("q4")

# %% [markdown]
# ## 5. Chain (6 minutes, 3 points)
#
# Step: **Chain**. Two lines of M3 are forged. Mark them, each with the reason that proves it. IPv6 addresses are the newer ones,
# written with colons.

# %%
question("q5")

# %% role="open" id="q5-open"
# Reasons: break, date, zone, ipv6, private.
# answer("q5", {"4aBcD": "break"})

# %% role="check" question="q5"
check("q5")

# %% [markdown]
# ## 6. Claim (7 minutes, 3 points)
#
# Step: **Claim**. Use our own results only (RFC 8601, section 5).
#
# - SPF checks the domain of the bounce address: `smtp.mailfrom` (RFC 7208).
# - DKIM checks a signature: `header.d` names its domain (RFC 6376).
# - `none` means: there was nothing to check.
#
# A pass protects the reader if its domain is the From domain or a part of it. DMARC calls this **alignment** (RFC 9989).

# %%
question("q6")

# %% role="open" id="q6-open"
# Rows M1, M3 and M4. In spf and dkim: a domain, "none" or "failed". In protects: "yes" or "no".
# answer("q6", {"M1": {"spf": "a.example", "dkim": "none", "protects": "no"}, "M3": {}, "M4": {}})

# %% role="check" question="q6"
check("q6")

# %% [markdown]
# ## 7. Rule (11 minutes, 4 points)
#
# Make a rule that finds border and handover in any message. Choose in the five fields and save. Then run the cell with
# `build_rule` and the cell with `check`. Change one choice at a time. Points come from 24 messages that you do not see.

# %%
question("q7")

# %%
classify_route = build_rule(answered("q7"))

# %% role="open" id="q7-look"
# Look at a practice message: put another name, P1 to P12, between the quotation marks.
lines("P1")

# %% role="open" id="q7-open"
# The open way: write the rule yourself. It takes the bytes of a message and gives a record with two keys.
# def classify_route(raw):
#     for line in received_lines(raw):
#         print(line.number, line.by, line.name, line.address)
#     return {"border_line": 0, "handover": ""}
#
# classify_route(inbox().message("P2").raw)

# %% role="check" question="q7"
check("q7", classify_route)

# %% [markdown]
# ## 8. Tell (9 minutes, 5 points)
#
# Step: **Tell**. Write to the network that handed M2 over, at `abuse@` its domain (RFC 2142, section 4). Its desk must find
# one customer, from address, time and border line. Write `[removed]` for everything that names the complainant (RFC 6590). A
# trainer reads it: addressee, evidence, exact time and address, nothing personal, a clear and civil request.

# %%
question("q8")

# %%
show_text(letter(answered("q8")))

# %% [markdown] role="document" question="q8"
# The free way: write the report here.

# %% [markdown]
# ## Exit ticket (4 minutes)
#
# Alone, without hints and points. It shows the trainer what to explain again.

# %%
question("x1")

# %%
question("x2")

# %% [markdown]
# ## Stretch: how far back can you see?
#
# For those who are early. Behind the handover of M2 stand more lines. Which origin is plausible, and how sure are you? Explain it
# to somebody, hands off their keyboard.

# %% role="open" id="stretch-open"
# for line in received_lines(inbox().message("M2").raw): print(line)

# %% [markdown]
# ## Take home (4 minutes)
#
# The last cell writes four files into the folder `take-home`: a checklist, your report, a card, and `print_route.py`. The
# program needs Python alone. Use it lawfully: on mail of your own, or on complaints that your office may read. Remove names
# before you pass a header on.
#
# Fill the card: **When** …, **I will** …, **with** …; **what may stop me is** …. We ask you about it after 30 days.

# %%
take_home(answered("q8"), save_file)

# %% [markdown]
# ## Hand in (1 minute)
#
# Save with Ctrl and S. In the menu **Nbgrader**, open **Assignment List** and press **Submit** beside
# `02-header-forensics`. A row under "Submitted assignments" shows that it worked. You may submit again; the last one counts.
# Later, **Fetch Feedback** in the same list brings your points.

# %% [markdown]
# ## Glossary
#
# - **Abuse desk**: a network's office for complaints.
# - **Alignment**: a passing domain fits From.
# - **Authentication-Results**: results of checks (RFC 8601).
# - **Border**: our own `Received` line about the handover.
# - **Bounce address**: where errors go back, unseen.
# - **DKIM**: a signature by a domain (RFC 6376).
# - **DMARC**: asks for alignment of SPF or DKIM (RFC 9989, May 2026; RFC 7489 is obsolete).
# - **Greeting**: the other server's name for itself.
# - **Handover**: the address that our border saw.
# - **IPv6**: newer addresses, with colons.
# - **Private address**: used inside many networks.
# - **Received**: the line each server adds on top.
# - **SPF**: may this address send for the bounce domain? (RFC 7208)
# - **UTC**: the world's common time.
