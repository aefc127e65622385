{{/* What a service is told that is not a secret. Takes {root, name, service}. */}}
{{- define "skein.environment" -}}
{{- $root := .root -}}
{{- $fullname := include "skein.fullname" $root -}}
{{- $fleet := include "skein.fleet" $root | fromYaml -}}
SKEIN_HTTP_HOST: "0.0.0.0"
SKEIN_HTTP_PORT: {{ .service.port | quote }}
SKEIN_LOG_LEVEL: {{ $root.Values.logLevel | quote }}
SKEIN_POSTGRES_URL: {{ printf "jdbc:postgresql://%s:%v/%s%s" (required "postgresql.host is needed: Skein brings no database of its own" $root.Values.postgresql.host) $root.Values.postgresql.port $root.Values.postgresql.database (ternary (printf "?sslmode=%s" $root.Values.postgresql.sslMode) "" (ne $root.Values.postgresql.sslMode "")) | quote }}
SKEIN_POSTGRES_USER: {{ printf "skein_%s" .service.schema | quote }}
SKEIN_POSTGRES_POOL_SIZE: {{ $root.Values.postgresql.poolSize | quote }}
{{- if ne .name "dashboard-ui" }}
SKEIN_FRONTDOOR_URL: {{ printf "http://%s-dashboard-ui:%v" $fullname (index $fleet "dashboard-ui").port | quote }}
{{- end }}
{{- range .service.calls }}
{{ include "skein.urlVariable" . }}: {{ printf "http://%s-%s:%v" $fullname . (index $fleet .).port | quote }}
{{- end }}
{{- include "skein.environment.own" . }}
{{- range $variable, $value := (index $root.Values.services .name).env }}
{{ $variable }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* What only one service is told. */}}
{{- define "skein.environment.own" -}}
{{- end -}}

{{/* What a service is told that is a secret: it gets its own and nobody else's. Takes {root, name, service}. */}}
{{- define "skein.secretEnvironment" -}}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_POSTGRES_PASSWORD" "kind" "postgresql" "key" (printf "password-%s" .service.schema)) }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_RABBITMQ_URI" "kind" "rabbitmq" "key" "uri") }}
{{- if .service.redis }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_REDIS_URL" "kind" "redis" "key" "url") }}
{{- end }}
{{- if ne .name "dashboard-ui" }}
{{ include "skein.secretVariable" (dict "root" .root "name" "SKEIN_SERVICE_SECRET" "kind" "auth" "key" (printf "service-%s" .name)) }}
{{- end }}
{{- end -}}
