"""The policy document, the economics of spam and the simulator.

Does not belong here: the lab that teaches them (labs/).
Empty in this version.
"""
