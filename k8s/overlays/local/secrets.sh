#!/usr/bin/env bash
# Prints the four Secrets the fleet reads, with fresh random credentials, for kubectl apply -f -.
#
#   secrets.sh <rabbitmq address> <redis url> <file for RabbitMQ>
#
# Run it once: new passwords also have to reach PostgreSQL (helm/skein/files/roles.sql.tpl sets them) and RabbitMQ (rabbitmqctl
# import_definitions <file>; it makes a user for each service, with its rights, and the queues).
set -euo pipefail

if [[ $# -ne 3 || ! $1 =~ ^amqps?://[^@/]+/skein$ || $2 != redis*://* ]]; then
    echo "usage: $0 amqp://host:5672/skein redis://host:6379 definitions.json" >&2
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
secret skein-auth "${services[@]}" setup-token "$(random)" signing-key-secret "$(random)" broker-secret "$(random)" \
    webhook-key-secret "$(random)"

uris=()
users=()
for service in dashboard-ui orchestrator-service registry-service runtime-service lock-service audit-service infra-agent-service; do
    user=$service
    if [[ $service == infra-agent-service ]]; then
        user=agent~default~infra-agent-1
    fi
    password=$(random)
    uris+=("uri-$service" "${1/:\/\//:\/\/$user:$password@}")
    users+=("{\"name\":\"$user\",\"password\":\"$password\",\"tags\":\"\"}")
done
secret skein-rabbitmq "${uris[@]}"
(
    umask 077
    list=$(IFS=,; echo "${users[*]}")
    sed "1s/{/{ \"users\" : [$list],/" "$(dirname "$0")/../../../helm/skein/files/broker-definitions.json" >"$3"
)
secret skein-redis url "$2"
