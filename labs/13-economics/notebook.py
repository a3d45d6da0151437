# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Costs and benefits: where does the next dollar go?
#
# You have 85 minutes and 29 points. Every question has a form, and you need not type code. Points come from the part
# "For points" of each form. Start with the next cell: click it, then press Shift and Enter together.

# %%
from spamlab.kit import *
from helpers import *
start("13-economics")

# %% [markdown]
# ## Case (3 minutes)
#
# You are the economist on duty in the ministry of finance. Mr Okoro of the budget office asks: which measure against spam gets
# the next money? He needs your answer by noon. Last year the money went to the measure with the best press, and losses
# went on. At the end you hold a memo, a sheet and a calculator.

# %%
show_country()

# %% [markdown]
# This country is invented, as are all amounts about it. Nobody else has the same numbers. Amounts are in US dollars (USD).
#
# ## Worked example: one campaign (7 minutes)
#
# **Chain.** This campaign is real. Researchers watched it from inside.

# %%
show_campaign()

# %% [markdown]
# **A wrong turn.** A sale brings almost 100 dollars, and a mail costs next to nothing. So it pays? We bring both to one
# million. 2,731.88 divided by 348 is 7.85 dollars. Sending a million costs 80. At that price it **loses** money. It pays for
# those who send through other people's machines.

# %%
show_steps()

# %% [markdown]
# These five steps return in every question: Chain, Payer, Next, Compare, Regret.
#
# ### Half done: how many pay?
#
# The first step of a chain is done for you. You do the others.

# %%
question("w1")

# %% [markdown]
# ## 1. Chain: what a million messages earn (6 minutes, 3 points)
#
# A measure works when sending no longer pays. The desk multiplies for you; choose what goes into each field.

# %%
show_chain("practice")

# %%
show_chain("points")

# %%
question("q1")

# %% role="open" id="q1-open"
# The open way. Take away the # signs and put your own numbers in; "q1-twin" is the part for points.
# row = dataset("chain")[0]
# print(row)
# answer("q1", 1200)

# %% role="check" question="q1"
check("q1")

# %% [markdown]
# ## 2. Payer: who pays (4 minutes, 2 points)
#
# Whoever pays wants a change. Whoever does not pay can wait.

# %%
question("q2")

# %% role="open" id="q2-open"
# Payers: sender, receiver, operator, state.
# answer("q2", {"L1": {"payer": "state"}, "L2": {"payer": "sender"}})

# %% role="check" question="q2"
check("q2")

# %% [markdown]
# ## 3. Payer: the ratio (3 minutes, 2 points)
#
# The **externality ratio** says what others pay for each dollar that senders take in.

# %%
show_lines("practice")

# %%
show_lines("points")

# %%
question("q3")

# %% role="open" id="q3-open"
# answer("q3", 5.5)

# %% role="check" question="q3"
check("q3")

# %% [markdown]
# ## 4. Next: where the next dollar goes (7 minutes, 4 points)
#
# Money comes in shares. What a measure did with its first shares is past. The **next share** does less, since the best
# cases are done. Some measures need another one first.

# %%
show_next("practice")

# %%
show_next("points")

# %%
question("q4")

# %% role="open" id="q4-open"
# answer("q4", {"officers": {"shares": 1}, "fines": {"shares": 2}})

# %% role="check" question="q4"
check("q4")

# %% [markdown]
# ## 5. Next: net benefit (6 minutes, 3 points)
#
# **Net benefit** is all gains less all costs, whoever has them. A **transfer** moves money between two of us: one has
# less, the other as much more.

# %%
show_net("practice")

# %%
show_net("points")

# %%
question("q5")

# %% role="open" id="q5-open"
# answer("q5", 12.5)

# %% role="check" question="q5"
check("q5")

# %% [markdown]
# ## Compare: as the press does (3 minutes)
#
# The registry of sender names is a year old. The press office wants a number. Each quarter, 10,000 messages are drawn by lot
# and read: how many are unwanted?

# %%
show_home()

# %%
question("n1")

# %% [markdown]
# ## Vote: did the registry do it? (5 minutes)
#
# 1. Answer alone. Nothing is told back.
# 2. Explain your choice to the person beside you. Listen to theirs.
# 3. Answer again in the same form.

# %%
question("v1")

# %% [markdown]
# ## 6. Compare: the measure's own effect (9 minutes, 5 points)
#
# Spam rises and falls anyway. What would have happened without the measure? Nobody saw it. The neighbour comes nearest.
# To compare its change with ours is called **difference in differences**. The **base** is the time that we compare with.

# %%
show_effect("practice")

# %%
show_effect("points")

# %%
question("q6")

# %% role="open" id="q6-open"
# Reasons: grew, fell, hidden.
# answer("q6", {"best": 30, "low": 25, "high": 35, "reason": "hidden"})

# %% role="check" question="q6"
check("q6")

# %% [markdown]
# ## 7. Regret: a budget under uncertainty (5 minutes, 3 points)
#
# A plan that is best in one future can be bad in another. Show each bundle at the desk.

# %%
show_years("practice")

# %%
show_years("points")

# %%
question("q7")

# %% role="open" id="q7-open"
# answer("q7", "A")

# %% role="check" question="q7"
check("q7")

# %% [markdown]
# ## 8. Regret: few carry the sum (4 minutes, 2 points)
#
# In Singapore in 2024 the **median** loss, the one in the middle, was 1,389 Singapore dollars. Yet 3.3% of the cases held
# 70.8% of all losses, say the police.

# %%
show_losses("practice")

# %%
show_losses("points")

# %%
question("q8")

# %% role="open" id="q8-open"
# answer("q8", 2.4)

# %% role="check" question="q8"
check("q8")

# %% [markdown]
# ## 9. Tell (11 minutes, 5 points)
#
# The desk plays measures in a model of your country, against doing nothing. It has parts that nobody knows well, so it runs
# 64 times with other values. Try three plans, and another future. It is a model: compare plans, and trust no single number.

# %%
show_budget()

# %% [markdown]
# A trainer reads the memo: net benefit with range, who pays, what would change your mind, what was not measured, a clear
# proposal.

# %%
question("q9")

# %%
show_memo(answered("q9"))

# %% [markdown] role="document" question="q9"
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
# ## Stretch: later money
#
# For those who are early. A dollar next year counts less than one today. At which discount rate does a measure with a high
# set-up cost stop paying? Explain to somebody why an office that wants quick results chooses other measures.

# %%
show_discount()

# %% [markdown]
# ## Take home (4 minutes)
#
# The next cell writes files into the folder `take-home`: a checklist, your memo, a card, a sheet of lines and a calculator.
# The calculator needs Python alone. Use it lawfully: with figures that your office may see.
#
# Fill the card: **When** …, **I will** …, **with** …; **what may stop me is** …. We ask you about it after 30 days.

# %%
take_home(answered("q9"), save_file)

# %% [markdown]
# ## Hand in (1 minute)
#
# Save with Ctrl and S. In the menu **Nbgrader**, open **Assignment List** and press **Submit** beside
# `13-economics`. A row under "Submitted assignments" shows that it worked. You may submit again; the last one counts.
# Later, **Fetch Feedback** in the same list brings your points.

# %% [markdown]
# ## Glossary
#
# - **Base**: the time or group that a change is measured from.
# - **Difference in differences**: our change, compared with the change where nothing was done.
# - **Externality ratio**: cost of others for each dollar that senders take in.
# - **Median**: the value in the middle; half lie below.
# - **Net benefit**: all gains less all costs, transfers left out.
# - **Next share**: the money that is given out now; economists say marginal.
# - **Regret**: what the best choice would have brought more.
# - **Transfer**: money that only moves from one to another.
