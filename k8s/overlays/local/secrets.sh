#!/usr/bin/env bash
# Prints the four Secrets the fleet reads, with fresh random credentials, for kubectl apply -f -.
#
#   secrets.sh <rabbitmq uri> <redis url>
#
# Run it once: new passwords also have to reach PostgreSQL (helm/skein/files/roles.sql.tpl sets them).
set -euo pipefail

if [[ $# -ne 2 || $1 != amqp*://* || $2 != redis*://* ]]; then
    echo "usage: $0 amqp://user:password@host:5672/vhost redis://host:6379" >&2
    exit 2
fi

random() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

secret() {
    local name=$1
    shift
    printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: Opaque\nstringData:\n' "$name"
    while (($#)); do
        printf '  %s: "%s"\n' "$1" "$2"
        shift 2
    done
}

passwords=()
for schema in frontdoor orchestrator registry runtime locks audit infra; do
    passwords+=("password-$schema" "$(random)")
done
services=()
for service in orchestrator-service registry-service runtime-service lock-service audit-service infra-agent-service; do
    services+=("service-$service" "$(random)")
done

secret skein-postgresql "${passwords[@]}"
secret skein-auth "${services[@]}" setup-token "$(random)" signing-key-secret "$(random)"
secret skein-rabbitmq uri "$1"
secret skein-redis url "$2"
