"""Rules, Sieve and scikit-learn estimators for spam, with cost-aware evaluation.

Does not belong here: making the traffic (generate), scores of participants (judge).
Empty in this version.
"""
