{{/* What a service is told that is not a secret. Takes {root, name, service}. */}}
{{- define "skein.environment" -}}
{{- $root := .root -}}
{{- $fullname := include "skein.fullname" $root -}}
{{- $fleet := include "skein.fleet" $root | fromYaml -}}
SKEIN_HTTP_HOST: "0.0.0.0"
SKEIN_HTTP_PORT: {{ .service.port | quote }}
SKEIN_LOG_LEVEL: {{ $root.Values.logLevel | quote }}
SKEIN_ACCEPT_UNSAFE: {{ join "," $root.Values.security.acceptUnsafe | quote }}
SKEIN_POSTGRES_URL: {{ printf "jdbc:postgresql://%s:%v/%s%s" (required "postgresql.host is needed: Skein brings no database of its own" $root.Values.postgresql.host) $root.Values.postgresql.port $root.Values.postgresql.database (ternary (printf "?sslmode=%s" $root.Values.postgresql.sslMode) "" (ne $root.Values.postgresql.sslMode "")) | quote }}
SKEIN_POSTGRES_USER: {{ printf "skein_%s" .service.schema | quote }}
{{- if ne .name "dashboard-ui" }}
SKEIN_FRONTDOOR_URL: {{ printf "%s://%s-dashboard-ui:%v" (include "skein.scheme" $root) $fullname (index $fleet "dashboard-ui").port | quote }}
{{- end }}
{{- range .service.calls }}
{{ include "skein.urlVariable" . }}: {{ printf "%s://%s-%s:%v" (include "skein.scheme" $root) $fullname . (index $fleet .).port | quote }}
{{- end }}
{{- if $root.Values.tls.enabled }}
SKEIN_TLS_CERTIFICATE: /tls/tls.crt
SKEIN_TLS_KEY: /tls/tls.key
{{- end }}
{{- if $root.Values.tls.caConfigMap }}
SKEIN_TLS_TRUST: /tls-trust/ca.crt
{{- end }}
{{- with include "skein.environment.own" . }}
{{ . }}
{{- end }}
{{- range $variable, $value := (index $root.Values.services .name).env }}
{{ $variable }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* How the pods speak to each other. */}}
{{- define "skein.scheme" -}}
{{ ternary "https" "http" .Values.tls.enabled }}
{{- end -}}

{{/* Said at install time, because the front door would only say it in a log nobody reads yet. */}}
{{- define "skein.requireTls" -}}
{{- if not (or .Values.tls.enabled (and .Values.ingress.enabled .Values.ingress.tlsSecret) (has "frontdoor-plain-http" .Values.security.acceptUnsafe)) -}}
{{- fail "nothing ends TLS in front of the front door: set ingress.enabled and ingress.tlsSecret, or tls.enabled, or accept frontdoor-plain-http in security.acceptUnsafe when something this chart does not know of ends it (or only kubectl port-forward opens it)" -}}
{{- end -}}
{{- if not (or (eq .Values.postgresql.sslMode "verify-full") (has "postgres-plain" .Values.security.acceptUnsafe) (has "postgres-unverified" .Values.security.acceptUnsafe)) -}}
{{- fail (printf "postgresql.sslMode is %q: set verify-full, or accept postgres-plain or postgres-unverified in security.acceptUnsafe" .Values.postgresql.sslMode) -}}
{{- end -}}
{{- end -}}

{{/* What only one service is told. */}}
{{- define "skein.environment.own" -}}
{{- if eq .name "audit-service" -}}
SKEIN_AUDIT_GIT_DIR: /work/audit
{{- else if eq .name "dashboard-ui" -}}
# Behind an ingress its word counts for who asked, and whether over TLS; without one anybody could say so.
SKEIN_FRONTDOOR_BEHIND_PROXY: {{ .root.Values.ingress.enabled | quote }}
{{- with .root.Values.oidc }}
{{- if .issuer }}
SKEIN_OIDC_ISSUER: {{ .issuer | quote }}
SKEIN_OIDC_CLIENT_ID: {{ required "oidc.clientId is needed: the provider knows this fleet by it" .clientId | quote }}
{{- with .roles }}
SKEIN_OIDC_ROLES: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- else if eq .name "runtime-service" -}}
{{- $env := (index .root.Values.services .name).env -}}
{{- with .root.Values.agents -}}
{{- if .outboundAllow }}
{{- if hasKey $env "SKEIN_OUTBOUND_ALLOW" }}{{ fail "agents.outboundAllow and services.runtime-service.env.SKEIN_OUTBOUND_ALLOW say the same thing: set one of them" }}{{ end }}
SKEIN_OUTBOUND_ALLOW: {{ join "," .outboundAllow | quote }}
{{- end }}
{{- if .model.provider }}
SKEIN_RUNTIME_MODEL_PROVIDER: {{ .model.provider | quote }}
SKEIN_RUNTIME_MODEL_NAME: {{ required "agents.model.name is needed: which model is asked?" .model.name | quote }}
{{- with .model.url }}
SKEIN_RUNTIME_MODEL_URL: {{ . | quote }}
{{- end }}
SKEIN_RUNTIME_MODEL_PRICE_IN: {{ .model.priceIn | toString | quote }}
SKEIN_RUNTIME_MODEL_PRICE_OUT: {{ .model.priceOut | toString | quote }}
{{- end }}
{{- with .mcp.servers }}
SKEIN_RUNTIME_MCP_SERVERS: {{ toJson . | quote }}
{{- end }}
{{- end }}
{{- else if eq .name "orchestrator-service" -}}
{{- range $provider, $settings := .root.Values.llm }}
{{- if $settings.model }}
{{- $prefix := printf "SKEIN_LLM_%s" (upper $provider) }}
{{ $prefix }}_MODEL: {{ $settings.model | quote }}
{{- if and (eq $provider "ollama") (not $settings.url) }}{{ fail "llm.ollama.url is needed: inside a pod there is no Ollama on this machine" }}{{ end }}
{{- with $settings.url }}
{{ $prefix }}_URL: {{ . | quote }}
{{- end }}
{{ $prefix }}_PRICE_IN: {{ $settings.priceIn | toString | quote }}
{{ $prefix }}_PRICE_OUT: {{ $settings.priceOut | toString | quote }}
{{ $prefix }}_DAILY_TOKENS: {{ $settings.dailyTokens | int64 | toString | quote }}
{{- end }}
{{- end }}
{{- else if eq .name "infra-agent-service" -}}
# The pod's name changes with every restart, the agent's must not: it answers for the runs it was cut off from,
# and its broker user bears it.
SKEIN_INFRA_AGENT_ID: infra-agent-1
SKEIN_INFRA_AGENT_REPOSITORY: /work/playbooks
SKEIN_INFRA_AGENT_WORK_DIR: /work/runs
{{- end -}}
{{- end -}}

{{/* What a service is told that is a secret: it gets its own and nobody else's. Takes {root, name, service}. */}}
{{- define "skein.secretEnvironment" -}}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_POSTGRES_PASSWORD" "kind" "postgresql" "key" (printf "password-%s" .service.schema)) }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_RABBITMQ_URI" "kind" "rabbitmq" "key" (printf "uri-%s" .name)) }}
{{- if .service.redis }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_REDIS_URL" "kind" "redis" "key" "url") }}
{{- end }}
{{- if ne .name "dashboard-ui" }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_SERVICE_SECRET" "kind" "auth" "key" (printf "service-%s" .name)) }}
{{- else }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_FRONTDOOR_SETUP_TOKEN" "kind" "auth" "key" "setup-token") }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_FRONTDOOR_KEY_SECRET" "kind" "auth" "key" "signing-key-secret") }}
# Without it nodes and agents cannot sign in at the broker with API tokens; everything else works.
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_FRONTDOOR_BROKER_SECRET" "kind" "auth" "key" "broker-secret" "optional" true) }}
{{- $root := .root }}
{{- $pairs := list }}
{{- range $name, $_ := include "skein.fleet" .root | fromYaml }}
{{- if ne $name "dashboard-ui" }}
{{- $variable := printf "SECRET_OF_%s" ($name | upper | replace "-" "_") }}
{{- $pairs = append $pairs (printf "%s=$(%s)" $name $variable) }}
{{ include "skein.secretVariable" (dict "root" $root "name" $variable "kind" "auth" "key" (printf "service-%s" $name)) }}
{{- end }}
{{- end }}
# Put together by Kubernetes from the ones above.
- name: SKEIN_FRONTDOOR_SERVICE_SECRETS
  value: {{ join "," $pairs | quote }}
{{- end }}
{{- if and (eq .name "dashboard-ui") .root.Values.oidc.issuer .root.Values.oidc.existingSecret }}
- name: SKEIN_OIDC_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.oidc.existingSecret }}
      key: client-secret
{{- end }}
{{- if eq .name "orchestrator-service" }}
{{- range $provider, $settings := .root.Values.llm }}
{{- if and $settings.model $settings.existingSecret }}
- name: SKEIN_LLM_{{ upper $provider }}_KEY
  valueFrom:
    secretKeyRef:
      name: {{ $settings.existingSecret }}
      key: api-key
{{- end }}
{{- end }}
{{- end }}
{{- if eq .name "runtime-service" }}
# Without it there are no webhooks; everything else works.
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_RUNTIME_KEY_SECRET" "kind" "auth" "key" "webhook-key-secret" "optional" true) }}
{{- with .root.Values.agents }}
{{- if and .model.provider .model.existingSecret }}
- name: SKEIN_RUNTIME_MODEL_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .model.existingSecret }}
      key: api-key
{{- end }}
{{- $mcp := .mcp }}
{{- $variables := list }}
{{- range .mcp.servers }}
{{- $variables = concat $variables (values (default dict .env)) (values (default dict .headers)) }}
{{- end }}
{{- range $variables | uniq | sortAlpha }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ required "agents.mcp.existingSecret is needed: its keys are the variables the MCP servers name" $mcp.existingSecret }}
      key: {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- if eq .name "infra-agent-service" }}
# A desktop agent on this machine reports it by the same name.
- name: SKEIN_INFRA_AGENT_NODE
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
{{- end }}
{{- end -}}
