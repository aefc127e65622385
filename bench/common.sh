# What the scripts beside this one share; they source it. No program of its own.
# shellcheck shell=bash disable=SC2034 # root and java are for whoever sources this
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

# Sets java and JAVA_HOME to a JDK 25 or newer.
find_java() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$candidate/bin/javac" ] && [ "$("$candidate/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')" -ge 25 ]; then
      java="$candidate/bin/java"
      export JAVA_HOME="$candidate"
      return
    fi
  done
  echo "there is no JDK 25" >&2
  exit 1
}

# jars POM FILE: writes the class path of bench/POM into FILE.
jars() {
  mvn -B -ntp -q -f "$root/bench/$1" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$2"
}

# find_fleet [HOME]: everything below is about the fleet that runs there.
find_fleet() {
  fleet="${1:-$root/.skein}"
  status="$("$root/skein" status --home "$fleet" --output json)" || { echo "no fleet is running; ./skein up" >&2; exit 1; }
}

# of ports|secrets KEY: what the fleet chose.
of() { sed -n "s/^$2=//p" "$fleet/local/$1.properties"; }

# service NAME FIELD: url, pid and so on of one service.
service() {
  python3 -c 'import json, sys
for s in json.load(sys.stdin)["services"]:
    if s["name"] == sys.argv[1]: print(s[sys.argv[2]])' "$1" "$2" <<<"$status"
}

# The front door's address.
fleet_url() { python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])' <<<"$status"; }
