# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Policy design: which measures first?
#
# You have 90 minutes and 36 points. Every question has a form, and you need not type code. Points come from the part
# "For points" of each form. Start with the next cell: click it, then press Shift and Enter together.

# %%
from spamlab.kit import *
from helpers import *
start("12-policy-design")

# %% [markdown]
# ## Case (3 minutes)
#
# You are the officer for spam at the regulator of your country. Minister Ilun asks you: which measures, in which order,
# with what money? She needs it by noon, for parliament. Last year a measure was begun in haste. It stopped the codes of
# banks, and people could not pay. At the end you hold a **policy**, a memo and a table of laws.

# %%
show_countries()

# %% [markdown]
# A neighbour sent you its file: you practise on it. "For points" is about your own country. Both are invented, and so are
# their numbers. They are played in a **model**: a program that follows senders, operators and people, week by week. It
# says what follows from what we assume. It proves nothing.
#
# ## Worked example: the neighbour's register (8 minutes)
#
# **Harm.** Where does it hurt? Count losses and victims, not messages.

# %%
show_harm()

# %%
question("w1")

# %% [markdown]
# **Measure.** What acts, and where? The neighbour took a register of sender names. It acts on text messages alone: those
# from unknown names are blocked. **Fit.** Are there law, staff, money and time? Yes: one measure, 30 weeks. **Play.** The neighbour blocked on the
# first day.

# %%
show_example(1)

# %% [markdown]
# **A wrong turn.** Fraud by text message fell, and wanted messages fell with it: honest senders were not registered yet.
# Go back to Fit: give them time, then block.

# %%
show_example(2)

# %% [markdown]
# A worth below zero means: one channel is a small part of the harm here.
#
# **Doubt.** What if fraud moves to apps faster than we assume? Then the register is worth less. **Tell.** The memo says
# so. These steps return in every question: Harm, Measure, Fit, Play, Doubt, Tell.
#
# ## 1. Measure: what it acts on (6 minutes, 3 points)
#
# Everybody has an opinion about measures. Some things were measured. Each finding has a row, such as B4, with its source.

# %%
show_findings("practice")

# %%
show_findings("points")

# %%
question("q1")

# %% role="open" id="q1-open"
# The open way. Take away the # signs and put your own answers in; "q1-twin" is the part for points.
# Reasons: goes-abroad, same-filter, by-law.
# answer("q1", {"1": True, "2": False, "3": True, "4": False, "5": True, "6": False, "reason": "by-law"})

# %% role="check" question="q1"
check("q1")

# %% [markdown]
# ## 2. Measure: four laws (7 minutes, 3 points)
#
# Parliament will ask: how do others do it? Here are four laws of two **traditions**: common law, grown from cases, and
# civil law, built on codes. The texts are short and in our words. They are no legal advice.

# %%
show_laws("practice")

# %%
show_laws("points")

# %%
question("q2")

# %% role="open" id="q2-open"
# consent: before, refuse, register. covers: mail, text, calls, mail-text, text-calls, all.
# follows: state, crime, claim, operator, members.
# answer("q2", {"canada": {"consent": "before", "covers": "all", "follows": "state"}})

# %% role="check" question="q2"
check("q2")

# %% [markdown]
# ## 3. Fit: what must come first (5 minutes, 3 points)
#
# A measure is **in force** when people must follow it. Some need others before them.

# %%
show_order("practice")

# %%
show_order("points")

# %%
question("q3")

# %% role="open" id="q3-open"
# Use the short names in the last column of the table, the first in force first.
# answer("q3", ["complaint-line", "consent-law"])

# %% role="check" question="q3"
check("q3")

# %% [markdown]
# ## Vote: which plan do you advise? (5 minutes)
#
# 1. Answer alone. Nothing is told back.
# 2. Explain your choice to your neighbour. Listen to theirs.
# 3. Answer again in the same form.

# %%
show_vote()

# %%
question("v1")

# %% [markdown]
# ## 4. Fit: who is left (5 minutes, 3 points)
#
# Each measure keeps officers busy: first to set it up, then to run it. Who is left works on cases.

# %%
show_staff("practice")

# %%
show_staff("points")

# %%
question("q4")

# %% role="open" id="q4-open"
# answer("q4", 2.5)

# %% role="check" question="q4"
check("q4")

# %% [markdown]
# ## 5. Play: what it did (6 minutes, 4 points)
#
# One channel is closed. Senders who earned there may look elsewhere: this is **displacement**. Look whether they did.

# %%
show_play("practice")

# %%
show_play("points")

# %%
question("q5")

# %% role="open" id="q5-open"
# Reasons: stays, moved, gave-up.
# answer("q5", {"best": -20, "low": -25, "high": -15, "reason": "gave-up"})

# %% role="check" question="q5"
check("q5")

# %% [markdown]
# ## 6. Policy: draft, play, revise (18 minutes, 12 points)
#
# Write the policy of your country, in the part for points. A **policy** is a list of measures in order of priority, with
# four texts. What can't be staffed or paid begins later, or never. Save, then run the desk, and play.

# %%
question("q6")

# %%
show_desk(answered("q6-twin"))

# %% [markdown]
# The desk plays the saved policy as often as you like, and says what each measure is worth. Change, play, and copy what
# helped into the form. The practice part is the neighbour's country. For points your policy meets three events, such as a
# new channel or an election. 100 is the best policy that we know in this model. Who blocks all, fails. A cut of money is
# at the desk only.

# %% role="open" id="q6-open"
# The open way: the policy as text. The practice part takes your own country as well, and says what it thinks.
# text = """
# title = "Against spam"
# economy = "mobile-money-leader"
# years = 3
# [text]
# purpose = "..."
# [[measure]]
# instrument = "complaint-line"
# start = 0
# """
# answer("q6", text)

# %% role="check" question="q6"
check("q6")

# %% [markdown]
# ## 7. Doubt: what would reverse it (5 minutes, 3 points)
#
# The model draws what nobody knows exactly, again and again. Each **assumption** has a low and a high end.

# %%
show_doubts("practice")

# %%
show_doubts("points")

# %%
question("q7")

# %% role="open" id="q7-open"
# Use the short name in the last column.
# answer("q7", "loss.share")

# %% role="check" question="q7"
check("q7")

# %% [markdown]
# ## 8. Tell: the memo (10 minutes, 5 points)
#
# Minister Ilun decides on your memo. A trainer reads it: no more than needed, rights, the way back, evidence, doubt.

# %%
question("q8")

# %%
show_memo(answered("q8"))

# %% [markdown] role="document" question="q8"
# The free way: write the memo here.

# %% [markdown]
# ## Exit ticket (4 minutes)
#
# Alone, without hints and points. It shows the trainer what to explain again.

# %%
question("x1")

# %%
question("x2")

# %% [markdown]
# ## Stretch: another model
#
# For those who are early. Not only numbers are uncertain: the form of the model is, too. The next cell plays your policy in
# four forms. In which one is it worth least, and what would you add for that case? Explain it to somebody, hands off
# their keyboard.

# %% role="open" id="stretch-open"
show_forms(answered("q6-twin"))

# %% [markdown]
# ## Take home (4 minutes)
#
# The next cell writes files into the folder `take-home`: your policy, the memo, your table of laws, a card. Read them
# without spamlab. Before you use a law, open its text: the table says what was read, and when.
#
# Fill the card: **When** …, **I will** …, **with** …; **what may stop me is** …. We ask you about it after 30 days.

# %%
take_home(answered("q6-twin"), answered("q8"), [answered("q2", right=True), answered("q2-twin")], save_file)

# %% [markdown]
# ## Hand in (1 minute)
#
# Save with Ctrl and S. In the menu **Nbgrader**, open **Assignment List** and press **Submit** beside
# `12-policy-design`. A row under "Submitted assignments" shows that it worked. You may submit again; the last one counts.
# Later, **Fetch Feedback** in the same list brings your points.

# %% [markdown]
# ## Glossary
#
# - **Assumption**: something that the model takes as given, and nobody knows exactly.
# - **Common law, civil law**: traditions of law; the first grown from cases, the second built on codes.
# - **Consent**: a person's yes to messages, before or after they come.
# - **Displacement**: senders move to another channel or country.
# - **In force**: people must follow it.
# - **Measure**: one thing that a state does against spam.
# - **Model**: a program that says what follows from assumptions.
# - **Officer**: here, a person of the regulator who works on spam.
# - **Policy**: measures in an order, with their reasons.
# - **Port 25**: the door through which mail leaves a computer.
# - **Proportionate**: no more than is needed for the aim.
# - **Remedy**: the way in which a mistake is undone.
