# Mounts, changes its root, enters namespaces, loads modules, becomes root.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
print("unshare", libc.unshare(0x10000000), libc.unshare(0x00020000))
print("mount", libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), libc.mount(b"proc", b"/proc", b"proc", 0, None))
print("setns", [libc.setns(place, 0) for place in range(3, 20)])
for one in (lambda: os.chroot("/tmp"), lambda: os.setuid(0), lambda: os.setgroups([0]),
            lambda: open("/proc/sys/kernel/core_pattern", "w").write("|/bin/sh"),
            lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
            lambda: open("/sys/fs/cgroup/release_agent", "w").write("/bin/sh"),
            lambda: open("/etc/passwd", "a").write("x"), lambda: os.remove("/usr/bin/env")):
    try:
        print(one())
    except (OSError, AttributeError) as error:
        print(error)
for number in (165, 169, 175, 246, 272, 298, 321, 323, 425):
    print(number, libc.syscall(number, 0, 0, 0, 0, 0, 0), ctypes.get_errno())
