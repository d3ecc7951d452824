{{- define "edge.name" -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{- end }}

{{- define "edge.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "edge.gateway" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end }}

{{- define "edge.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "edge.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "edge.gatewayEnv" -}}
{{- range .Values.secret.keys }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.secret.name }}, key: {{ . }} } }
{{- end }}
{{- with .Values.otlp.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "edge.config" -}}
{{- $set := dict
  "stores" (dict "postgres" "${MKA1_POSTGRES}" "redis" "${MKA1_REDIS}" "encryptionKey" "${MKA1_ENCRYPTION_KEY}")
  "admin" (dict "url" "http://0.0.0.0:8081" "keyHash" "${MKA1_ADMIN_KEY_HASH}")
  "telemetry" (dict "logFormat" "json") -}}
{{- mergeOverwrite (deepCopy .Values.config) $set | toPrettyJson }}
{{- end }}
