from support import run


def test_it_prints_every_value_with_where_it_came_from(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[google]\nproject = "from-file"\nlocation = "europe-west4"\n')
    done = run("check-config", "--workers=2", environment={
        "VERTEX_RELAY_CONFIG": str(file), "VERTEX_RELAY_GOOGLE_LOCATION": "us-central1"})
    assert (done.returncode, done.stderr) == (0, "")
    found = {}
    for line in done.stdout.splitlines():
        if "=" in line and not line.startswith(("#", "[")):
            found[line.split("=")[0].strip()] = line
    assert '"from-file"' in found["project"] and f"{file}:2:" in found["project"]
    assert '"us-central1"' in found["location"]
    assert "VERTEX_RELAY_GOOGLE_LOCATION" in found["location"]
    assert "2" in found["workers"] and "--workers" in found["workers"]
    assert "default" in found["drain_ms"] and "60000" in found["drain_ms"]
