"""Does what honest code does: threads, processes, pairs of sockets, files, an event loop, temporary files."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading

done = []
thread = threading.Thread(target=done.append, args=("thread",))
thread.start()
thread.join()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
child.terminate()
if child.wait() == -15:
    done.append("process")
if subprocess.run(["/bin/sh", "-c", "exit 3"]).returncode == 3:
    done.append("shell")


async def wait():
    await asyncio.sleep(0.01)
    return "loop"


done.append(asyncio.run(wait()))
with tempfile.NamedTemporaryFile("w") as file:
    file.write("x")
    file.flush()
    shutil.copy2(file.name, "copy")
    with open("copy") as copy:
        done.append(copy.read())
os.rename("copy", "moved")
os.mkdir("folder")
os.rename("moved", "folder/moved")
shutil.rmtree("folder")
print(" ".join(done))
