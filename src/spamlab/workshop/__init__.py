"""JupyterLab, the judge, the mailbox and the instructor's page as one running workshop.

Belongs here: processes, ports, pages.
Does not belong here: anything that could be a function of plain data (reporting) or of content (content).
"""
