"""An image, and its program run as a container runtime runs it."""

import copy
import json
import subprocess

from support import PROGRAM, Program, clean_environment

# In a namespace of mounts: the root gets what a runtime adds to it, then nobody can write to it.
# The words: the root, the folder for /run/secrets, user and group, the program of this machine,
# which the image's own takes the place of, and what to run.
CONTAIN = """
set -e
root=$1 secrets=$2 user=$3
shift 4
mkdir -p "$root/proc" "$root/dev" "$root/run/secrets"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$secrets" "$root/run/secrets"
mount -o remount,bind,ro "$root"
mount -o remount,bind,ro "$root/run/secrets"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" "$@"
"""


def buildah(storage, *words, **options):
    """Runs buildah with a storage of its own; what it prints."""
    command = ["buildah", "--root", storage, "--runroot", storage + "-run",
               "--storage-driver", "vfs", *words]
    done = subprocess.run(command, text=True, capture_output=True, timeout=3600, **options)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout.strip()


class Image:
    """The image `name` of a buildah storage, and `root`, its files; removed by `close`."""

    def __init__(self, storage, name):
        told = json.loads(buildah(storage, "inspect", "--type", "image", name))
        self.config = told["Docker"]["config"]
        self.bytes = sum(layer["size"] for layer in json.loads(told["Manifest"])["layers"])
        self.command = self.config["Entrypoint"] + self.config["Cmd"]
        self.user = self.config["User"]
        self.environment = dict(each.split("=", 1) for each in self.config["Env"])
        self._storage = storage
        self._container = buildah(storage, "from", "--pull-never", name)
        self.root = buildah(storage, "mount", self._container)

    def close(self):
        buildah(self._storage, "rm", self._container)

    def started_as(self, user, environment):
        """The same image with another user, `UID:GID`, and more variables."""
        other = copy.copy(self)
        other.user, other.environment = user, self.environment | environment
        return other

    def inside(self, secrets):
        """The words that run a program inside, as `user`."""
        return ["unshare", "--mount", "bash", "-c", CONTAIN, "bash", self.root, str(secrets),
                self.user]

    def run(self, secrets, *words):
        """Runs words inside to their end."""
        return subprocess.run([*self.inside(secrets), PROGRAM, *words], text=True, timeout=60,
                              capture_output=True, env=clean_environment(self.environment))


class Container(Program):
    """The image's relay; `url` is where it listens."""

    def __init__(self, image, secrets, *flags):
        super().__init__(*image.command, "--listen=127.0.0.1:0", *flags,
                         under=image.inside(secrets), environment=image.environment)
        self.url = self.first(r"^listening (\S+)$").group(1)
        self.port = int(self.url.rsplit(":", 1)[1])
