{{/*
The fleet as the architecture has it: what is true of a service wherever it runs, and so is not a value.

  port     the port it listens on
  schema   its PostgreSQL schema; its role is skein_<schema>; absent: it has no database
  redis    it uses Redis
  calls    the services it calls over REST: its egress, their ingress, and the SKEIN_..._URL it is given.
           Everybody also calls the front door (keys to check tokens with, its own service token).
  work     it keeps files under /work
*/}}
{{- define "skein.fleet" -}}
dashboard-ui:
  port: 8080
  schema: frontdoor
  redis: true
  calls: [orchestrator-service, registry-service, runtime-service, lock-service, audit-service, infra-agent-service]
orchestrator-service:
  port: 8081
  schema: orchestrator
  calls: [infra-agent-service, registry-service, lock-service]
registry-service:
  port: 8082
  schema: registry
  redis: true
  calls: []
runtime-service:
  port: 8083
  schema: runtime
  calls: [orchestrator-service, registry-service, lock-service, audit-service]
lock-service:
  port: 8084
  schema: locks
  calls: []
audit-service:
  port: 8085
  schema: audit
  calls: []
  work: true
infra-agent-service:
  port: 8086
  schema: infra
  calls: []
  work: true
{{- end -}}

{{/* The variable that carries a service's address. */}}
{{- define "skein.urlVariable" -}}
{{- if eq . "dashboard-ui" -}}
SKEIN_FRONTDOOR_URL
{{- else -}}
SKEIN_{{ . | trimSuffix "-service" | upper | replace "-" "_" }}_URL
{{- end -}}
{{- end -}}
