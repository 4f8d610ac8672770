"""git over ssh on loopback, by a real sshd with keys of its own."""

import getpass
import subprocess

from peers import free_port
from traffic import HOST


def start(world):
    """Starts sshd for the user who runs this. Returns what GIT_SSH_COMMAND has to be, and the address without a path."""
    folder = world.folder / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    port = free_port()
    (folder / "config").write_text(
        f"Port {port}\nListenAddress {HOST}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nPidFile {folder}/pid\n"
        f"StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nAllowUsers {getpass.getuser()}\n"
    )
    subprocess.run(["mkdir", "-p", "/run/sshd"], check=True)
    world.start(["/usr/sbin/sshd", "-D", "-f", str(folder / "config"), "-E", str(folder / "log")], port)
    (folder / "known").write_text(f"[{HOST}]:{port} {(folder / 'host.pub').read_text()}")
    return f"ssh -i {folder}/user -o UserKnownHostsFile={folder}/known -o IdentitiesOnly=yes -F none", f"ssh://{getpass.getuser()}@{HOST}:{port}"
