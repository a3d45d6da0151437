# %% [markdown]
# # A question of every kind
