"""Starts one ansible-playbook, and makes sure that nothing of it outlives the agent that asked for it.

Protocol. Standard input, first line: {"argv": [...], "env": {...}, "cwd": "...", "console": "...", "run": "<id>",
"interrupt_seconds": n, "terminate_seconds": n}. Later lines: "cancel". End of input means that the agent died (kill -9
too), and is a cancel that nobody reads the answer of. Standard output: {"e": "started", "pid": n}, then the callback's own
lines (it inherits the pipe, nothing is copied), then {"e": "exit", ...} as the last line.

Stopping: SIGINT to the process group, SIGTERM, SIGKILL. ansible-core 2.19 puts its workers into sessions of their own, so
a process group is not enough: at the end everything that carries this run's SKEIN_RUN_ID in its environment is killed.
A run that ends by itself keeps what it started on purpose (a daemon, say).
"""

import json
import os
import select
import signal
import sys
import time

TAIL = 8192


def main():
    try:
        os.setsid()  # a signal to the agent's process group must not take the supervisor away
    except PermissionError:
        pass  # already a session leader
    line, rest = read_line()
    if line is None:
        return 0
    spec = json.loads(line)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    asked = []
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(stop, lambda *_: asked.append("signal"))

    begun = time.monotonic()
    try:
        pid = spawn(spec)
    except OSError as error:
        emit({"e": "exit", "code": 127, "console": "cannot start %s: %s" % (spec["argv"][0], error)})
        return 0
    emit({"e": "started", "pid": pid})

    stopped = None
    escalation = []
    inputs = [0, wake_read]
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            break
        now = time.monotonic()
        if asked and stopped is None:
            stopped = asked[0]
            first = now + spec.get("interrupt_seconds", 5)
            escalation = [
                (now, signal.SIGINT),
                (first, signal.SIGTERM),
                (first + spec.get("terminate_seconds", 3), signal.SIGKILL),
            ]
        while escalation and escalation[0][0] <= now:
            kill_group(pid, escalation.pop(0)[1])
        timeout = max(0.0, escalation[0][0] - now) if escalation else None
        ready, _, _ = select.select(inputs, [], [], timeout)
        if wake_read in ready:
            os.read(wake_read, 4096)
        if 0 in ready:
            got = os.read(0, 4096)
            rest += got
            if not got:
                asked.append("eof")
                inputs.remove(0)
            elif b"cancel" in rest:
                asked.append("cancel")
                rest = b""

    if stopped:
        sweep(spec["run"])
    code = os.waitstatus_to_exitcode(status)
    emit(
        {
            "e": "exit",
            "code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "stopped": stopped,
            "wall_ms": int((time.monotonic() - begun) * 1000),
            "cpu_ms": int((usage.ru_utime + usage.ru_stime) * 1000),
            # Linux counts in KiB, macOS in bytes
            "max_rss": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            "console": tail(spec["console"]),
        }
    )
    return 0


def read_line():
    got = b""
    while b"\n" not in got:
        more = os.read(0, 65536)
        if not more:
            return None, b""
        got += more
    line, _, rest = got.partition(b"\n")
    return line, rest


def spawn(spec):
    os.chdir(spec["cwd"])
    env = dict(spec["env"], SKEIN_EVENTS_FD="3", SKEIN_RUN_ID=spec["run"])
    return os.posix_spawn(
        spec["argv"][0],
        spec["argv"],
        env,
        setpgroup=0,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, 1, 3),
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, spec["console"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )


def kill_group(pid, number):
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass


def sweep(run):
    """Kills what the run left in other sessions: gently first, then for good."""
    for number, patience in ((signal.SIGTERM, 1.0), (signal.SIGKILL, 2.0)):
        end = time.monotonic() + patience
        found = marked(run)
        for pid in found:
            try:
                os.kill(pid, number)
            except (ProcessLookupError, PermissionError):
                pass
        while found and time.monotonic() < end:
            time.sleep(0.02)
            found = marked(run)
        if not found:
            return


def marked(run):
    mark = b"SKEIN_RUN_ID=" + run.encode()
    found = []
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except FileNotFoundError:
        return found  # no /proc on this system; the process group has to do
    for pid in pids:
        if pid == os.getpid():
            continue
        try:
            with open("/proc/%d/environ" % pid, "rb") as environ:
                if mark in environ.read().split(b"\0"):
                    found.append(pid)
        except OSError:
            continue  # gone, or another user's
    return found


def tail(path):
    try:
        with open(path, "rb") as console:
            console.seek(0, os.SEEK_END)
            console.seek(max(0, console.tell() - TAIL))
            return console.read().decode("utf-8", "replace")
    except OSError:
        return ""


def emit(event):
    line = (json.dumps(event) + "\n").encode()
    try:
        while line:
            line = line[os.write(1, line) :]
    except BrokenPipeError:
        pass  # the agent is gone; there is nobody to tell


if __name__ == "__main__":
    sys.exit(main())
