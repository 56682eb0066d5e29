import os

from support import Simulator, run


def test_its_files_are_private_and_gone_at_the_end(tmp_path):
    with Simulator(f"--dir={tmp_path}/sim") as simulator:
        files = [simulator.ca, simulator.credentials, simulator.service_account]
        assert {os.path.dirname(file) for file in files} == {f"{tmp_path}/sim"}
        assert {os.stat(file).st_mode & 0o777 for file in files} == {0o600}
        simulator.terminate()
        assert simulator.wait() == 0
    assert not os.path.exists(f"{tmp_path}/sim")


def test_it_lists_its_faults():
    done = run("simulate", "--list-faults")
    assert done.returncode == 0
    for name in ["429", "403-iam", "midstream-error[-2]", "paced[-100]"]:
        assert f"  {name} " in done.stdout


def test_it_overwrites_nobodys_files(tmp_path):
    (tmp_path / "adc.json").write_text("mine")
    done = run("simulate", f"--dir={tmp_path}")
    assert done.returncode == 2 and "adc.json" in done.stderr
    assert (tmp_path / "adc.json").read_text() == "mine"
