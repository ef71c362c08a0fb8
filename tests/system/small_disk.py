"""A disk that a test can fill: a small tmpfs, seen by this process and its children only."""

import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PIECE = 1 << 20  # bytes that are written at a time

libc = ctypes.CDLL(None, use_errno=True)


def done(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def own_namespace():
    """Needs no rights where people may have namespaces of their own."""
    if os.geteuid() == 0:
        done(libc.unshare(CLONE_NEWNS))
    else:
        user, group = os.getuid(), os.getgid()
        done(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS))
        for file, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{file}", "w") as out:
                out.write(text)
    done(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))


class SmallDisk:
    def __init__(self, folder, megabytes):
        """OSError where nobody may mount."""
        own_namespace()
        folder.mkdir()
        done(libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={megabytes}m".encode()))
        self.folder, self.ballast = folder, folder / "ballast"

    def free(self):
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize

    def fill(self, leave):
        """Until so many bytes are left."""
        with open(self.ballast, "ab") as out:
            while (rest := self.free() - leave) > 0:
                out.write(bytes(min(rest, PIECE)))
                out.flush()

    def empty(self):
        self.ballast.unlink()

    def close(self):
        libc.umount2(str(self.folder).encode(), 2)
