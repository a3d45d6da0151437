"""Says whether a program that is started here can gain another user's rights by its file."""

import ctypes
import os

rights = os.stat("/bin/su").st_mode & 0o4000 if os.path.exists("/bin/su") else 0
if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1:  # PR_GET_NO_NEW_PRIVS
    print("REFUSED", rights)
else:
    print("DONE", rights)
