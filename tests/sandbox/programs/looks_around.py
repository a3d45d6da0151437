"""Says as JSON what can be seen and done from inside."""

import ctypes
import json
import os
import socket
import subprocess
import sys


def attempt(what):
    try:
        return {"done": what()}
    except BaseException as error:
        return {"error": type(error).__name__}


def connect(address):
    with socket.create_connection(address, timeout=2):
        return True


def send_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
        return mine.sendto(b"x", ("192.0.2.1", 53))


def writable(path):
    os.close(os.open(path, os.O_WRONLY))  # opened and never written
    return True


def makes(folder):
    open(os.path.join(folder, "made-inside"), "w").close()
    return True


def read(path):
    with open(path, "rb") as file:
        return file.read(4000).decode("utf-8", "replace")


def unshare():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) != 0:  # CLONE_NEWUSER
        raise OSError(ctypes.get_errno(), "unshare")
    return True


def mount():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    return True


def environments():
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                found.append(read(f"/proc/{pid}/environ") + read(f"/proc/{pid}/cmdline"))
            except OSError:
                continue
    return found


port, secret = int(sys.argv[1]), sys.argv[2]
kernel = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger",
          "/proc/sys/vm/drop_caches"]
folders = ("/", "/usr", "/etc", "/dev", "/proc", "/tmp", ".")
print(json.dumps({
    "environment": dict(os.environ),
    "environments": environments(),
    "root": sorted(os.listdir("/")),
    "secret": attempt(lambda: read(secret)),
    "secret_beside": attempt(lambda: os.listdir(os.path.dirname(secret))),
    "passwords": attempt(lambda: read("/etc/shadow")),
    "home": attempt(lambda: os.listdir("/root") or os.listdir("/home")),
    "service": attempt(lambda: connect(("127.0.0.1", port))),
    "outside": attempt(lambda: connect(("192.0.2.1", 53))),
    "datagram": attempt(send_datagram),
    "interfaces": attempt(lambda: [name for _, name in socket.if_nameindex()]),
    "parent_killed": attempt(lambda: os.kill(os.getppid(), 0)),
    "processes": attempt(lambda: sum(1 for name in os.listdir("/proc") if name.isdigit())),
    "kernel": {path: attempt(lambda path=path: writable(path)) for path in kernel},
    "writes": {path: attempt(lambda path=path: makes(path)) for path in folders},
    "unshare": attempt(unshare),
    "mount": attempt(mount),
    "descriptors": sorted(os.listdir("/proc/self/fd")),
    "shell": attempt(lambda: subprocess.check_output(["/bin/sh", "-c", "echo $((6 * 7))"]).decode()),
    "capabilities": attempt(lambda: read("/proc/self/status").partition("CapEff:")[2].split()[0]),
}))
