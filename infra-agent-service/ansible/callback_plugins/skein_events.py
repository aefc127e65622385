"""Writes what a playbook does as JSON lines, one per task and host, at the moment it happens.

The lines go to the file descriptor named by SKEIN_EVENTS_FD, never to standard output, so nothing a module or a plugin
prints can be mistaken for an event. See docs/adr/0005-ansible-events.md for why this is not ansible-runner.
"""

import json
import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: skein_events
type: stdout
short_description: JSON lines for the Skein infra agent
description:
  - One JSON object per line and event, written to a file descriptor of its own.
"""

# The agent protocol carries at most 64 KiB of message; a diff gets the same.
LIMIT = 65536
CENSORED = "censored"


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "skein_events"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._fd = int(os.environ.get("SKEIN_EVENTS_FD", "1"))
        self._play = ""
        self._started = {}
        self._task_started = time.monotonic()

    # -- what ansible tells -------------------------------------------------------------------------------------

    def v2_playbook_on_start(self, playbook):
        self._emit(e="start")

    def v2_playbook_on_play_start(self, play):
        self._play = play.get_name().strip()
        self._emit(e="play", play=self._play)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._task_started = time.monotonic()
        self._emit(e="task", play=self._play, task=task.get_name().strip())

    def v2_playbook_on_handler_task_start(self, task):
        self.v2_playbook_on_task_start(task, False)

    def v2_runner_on_start(self, host, task):
        self._started[(host.get_name(), task._uuid)] = time.monotonic()

    def v2_playbook_on_no_hosts_matched(self):
        self._emit(e="no_hosts", play=self._play)

    def v2_runner_on_ok(self, result):
        self._ended(result, "changed" if self._data(result).get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._ended(result, "failed", bool(ignore_errors))

    def v2_runner_on_skipped(self, result):
        self._ended(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        task = self._task(result)
        self._ended(result, "unreachable", bool(getattr(task, "ignore_unreachable", False)))

    def v2_playbook_on_stats(self, stats):
        hosts = {}
        for host in stats.processed:
            summary = stats.summarize(host)
            hosts[host] = {
                "ok": summary["ok"],
                "changed": summary["changed"],
                "failed": summary["failures"],
                "skipped": summary["skipped"],
                "unreachable": summary["unreachable"],
            }
        notices = []
        for custom in (stats.custom or {}).values():
            said = custom.get("skein_notice", []) if isinstance(custom, dict) else []
            for notice in said if isinstance(said, list) else [said]:
                notices.append(self._cut(str(notice), 2000))
        self._emit(e="stats", hosts=hosts, notices=notices[:100])

    # -- how it is written --------------------------------------------------------------------------------------

    def _ended(self, result, outcome, ignored=False):
        task = self._task(result)
        host = getattr(result, "host", None) or result._host
        data = self._data(result)
        begun = self._started.pop((host.get_name(), task._uuid), self._task_started)
        hidden = bool(getattr(task, "no_log", False)) or "censored" in data or data.get("_ansible_no_log") is True
        self._emit(
            e="result",
            play=self._play,
            task=task.get_name().strip(),
            action=getattr(task, "resolved_action", None) or task.action,
            host=host.get_name(),
            outcome=outcome,
            ignored=ignored,
            ms=int((time.monotonic() - begun) * 1000),
            msg=CENSORED if hidden else self._message(data),
            diff=None if hidden else self._diff(data),
        )

    @staticmethod
    def _task(result):
        return getattr(result, "task", None) or result._task

    @staticmethod
    def _data(result):
        # ansible-core 2.19 renamed the attribute
        data = getattr(result, "result", None)
        return data if isinstance(data, dict) else result._result

    def _message(self, data):
        items = data.get("results")
        if isinstance(items, list):
            said = [self._item(i) for i in items if isinstance(i, dict) and (i.get("failed") or i.get("unreachable"))]
            if said:
                return self._cut("; ".join(said))
            return "%d items" % len(items)
        return self._cut(self._words(data))

    def _item(self, item):
        if "censored" in item or item.get("_ansible_no_log") is True:
            return CENSORED
        return "(%s) %s" % (item.get("_ansible_item_label", item.get("item", "?")), self._words(item))

    @staticmethod
    def _words(data):
        parts = []
        for key in ("msg", "skip_reason", "stdout", "stderr", "module_stdout", "module_stderr"):
            value = data.get(key)
            if not value:
                continue
            text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
            if text.strip() and text not in parts:
                parts.append(text.strip())
        return "\n".join(parts)

    def _diff(self, data):
        found = []
        items = data.get("results")
        for one in items if isinstance(items, list) else [data]:
            if not isinstance(one, dict) or "censored" in one or one.get("_ansible_no_log") is True:
                continue
            diffs = one.get("diff")
            for diff in diffs if isinstance(diffs, list) else [diffs]:
                if not isinstance(diff, dict):
                    continue
                kept = {}
                for key in ("before_header", "after_header", "before", "after", "prepared"):
                    if diff.get(key) is not None:
                        value = diff[key]
                        if not isinstance(value, str):
                            value = json.dumps(value, default=str, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
                        kept[key] = value
                if kept.get("before") != kept.get("after") or "prepared" in kept:
                    found.append(kept)
        if not found:
            return None
        room = LIMIT
        for diff in found:
            for key, value in diff.items():
                diff[key] = self._cut(value, max(room, 80))
                room -= len(diff[key])
        return found

    @staticmethod
    def _cut(text, limit=LIMIT):
        return text if len(text) <= limit else text[: limit - 20] + "\n[cut at %d]" % limit

    def _emit(self, **event):
        event = {key: value for key, value in event.items() if value is not None}
        line = (json.dumps(event, default=str) + "\n").encode("utf-8", "replace")
        while line:
            line = line[os.write(self._fd, line) :]
