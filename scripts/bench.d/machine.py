"""The machine: processors, child processes, ports, and what /proc says of a process."""

import os
import platform
import signal
import socket
import subprocess
import sys
import time

PROXY_CPU, LOAD_CPU = (sorted(os.sched_getaffinity(0)) * 2)[:2]
_children = []


def say(text):
    print(text, file=sys.stderr, flush=True)


def start(command, cpu, **options):
    """Starts a child pinned to one processor. It inherits the pin, so no wrapper is timed."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cpu})
    try:
        child = subprocess.Popen(command, **options)
    finally:
        os.sched_setaffinity(0, before)
    _children.append(child)
    return child


def stop(child):
    """Ends one child that start() made, and reaps it."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child.stdout:
        child.stdout.close()
    _children.remove(child)


def stop_all():
    for child in list(_children):
        stop(child)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_accepting(child, port, seconds):
    """True once 127.0.0.1:port accepts; False when the child ended or time ran out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.0002)
    return False


def family(pid):
    """The process and its descendants: nginx is a master and a worker."""
    pids = [pid]
    for known in pids:
        try:
            for task in os.listdir(f"/proc/{known}/task"):
                with open(f"/proc/{known}/task/{task}/children") as children:
                    pids += [int(child) for child in children.read().split()]
        except FileNotFoundError:
            continue
    return pids


def memory_kb(pids, field):
    """A field of smaps_rollup (Rss, Pss), summed."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            total += sum(int(line.split()[1]) for line in lines if line.startswith(field + ":"))
    return total


def load_average():
    return os.getloadavg()[0]


def describe():
    model = platform.machine()
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(),
            "proxy_cpu": PROXY_CPU, "load_cpu": LOAD_CPU, "load_average": load_average()}
