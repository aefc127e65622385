{{- define "skein.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select; they never change in the life of a release. Takes {root, component}. */}}
{{- define "skein.selectorLabels" -}}
app.kubernetes.io/name: skein
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "skein.labels" -}}
{{ include "skein.selectorLabels" . }}
app.kubernetes.io/part-of: skein
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "skein.image" -}}
{{- $tag := default .root.Chart.AppVersion .root.Values.image.tag -}}
{{- if eq .root.Values.image.variant "native" -}}{{- $tag = printf "%s-native" $tag -}}{{- end -}}
{{- printf "%s/%s:%s" .root.Values.image.repository .component $tag -}}
{{- end -}}

{{/* The pod's and the container's half of Kubernetes' "restricted" profile. */}}
{{- define "skein.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "skein.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "skein.generatedSecret" -}}
{{ include "skein.fullname" . }}-generated
{{- end -}}

{{/* The Secret that holds one kind of credential. Takes {root, kind}; kind is postgresql, rabbitmq, redis or auth. */}}
{{- define "skein.secretName" -}}
{{- $section := index .root.Values .kind -}}
{{- if $section.existingSecret -}}
{{- $section.existingSecret -}}
{{- else if .root.Values.secrets.generate -}}
{{- include "skein.generatedSecret" .root -}}
{{- else -}}
{{- fail (printf "%s.existingSecret is needed: the name of a Secret (its keys are in the chart's README). For a trial, secrets.generate=true makes one." .kind) -}}
{{- end -}}
{{- end -}}

{{/* Whom a service is at the broker; io.skein.contracts.topology.BrokerIdentity says how these are written. */}}
{{- define "skein.brokerUser" -}}
{{- ternary "agent~default~infra-agent-1" . (eq . "infra-agent-service") -}}
{{- end -}}

{{/* One environment variable out of a Secret. Takes {root, name, kind, key}. */}}
{{- define "skein.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "skein.secretName" . }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}
