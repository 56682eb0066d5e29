import os
import shutil
import subprocess

from support import PROGRAM


def test_the_stripped_program_is_at_most_8_mb(tmp_path):
    stripped = tmp_path / "vertex-relay"
    strip = shutil.which("strip") or shutil.which("llvm-strip-19")
    subprocess.run([strip, "-o", stripped, PROGRAM], check=True)
    assert os.path.getsize(stripped) <= 8_000_000
