{{- define "awp.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}

{{- define "awp.labels" -}}
app.kubernetes.io/name: agentic-workflow-platform
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "awp.selector" -}}
app.kubernetes.io/name: agentic-workflow-platform
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "awp.image" -}}
{{- if .image.digest }}{{ .image.repository }}@{{ .image.digest }}{{ else }}{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* What tells the workers of an older build from those of this release in names: eight characters of its digest, or its tag. */}}
{{- define "awp.drainingSuffix" -}}
{{- if .digest }}{{ .digest | trimPrefix "sha256:" | trunc 8 }}{{ else }}{{ .tag | lower | replace "." "-" | replace "_" "-" | trunc 20 | trimSuffix "-" }}{{ end -}}
{{- end -}}

{{/* The build that an image's workers announce, empty where they may work it out themselves (a hash of the workflow code). KEDA asks Temporal
  for the backlog of one build by its name, so with it the chart names the build: by what tells one image from another. */}}
{{- define "awp.buildId" -}}
{{- if .buildId }}{{ .buildId }}
{{- else if and .root.Values.keda.enabled (ne .root.Values.workerVersioning.mode "off") }}
{{- if .image.digest }}{{ .image.digest | trimPrefix "sha256:" | trunc 20 }}{{ else }}{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* Pod Security "restricted", and a read-only root. */}}
{{- define "awp.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "awp.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 1000
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "awp.podCommon" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "awp.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{- define "awp.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { {{ include "awp.selector" . | replace "\n" ", " }} } }
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { {{ include "awp.selector" . | replace "\n" ", " }} } }
{{- end -}}

{{- define "awp.tracing" -}}
{{- with .Values.tracing.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ $.Values.tracing.sampleRatio | quote }} }
{{- end }}
{{- end -}}

{{/* Environment of api, worker, migrate and backup. Secrets come as files of a mounted Secret. */}}
{{- define "awp.environment" -}}
- { name: NODE_ENV, value: production }
- { name: HOME, value: /tmp }
- { name: AWP_ENV, value: {{ .Values.environment | quote }} }
- { name: AWP_HOME, value: /data }
- { name: LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: AWP_MASTER_KEY_FILE, value: /run/secrets/awp/master-key }
{{- if .Values.secrets.previousMasterKeys }}
- { name: AWP_PREVIOUS_MASTER_KEYS_FILE, value: /run/secrets/awp/previous-master-keys }
{{- end }}
- { name: DATABASE_URL_FILE, value: /run/secrets/awp/database-url }
- { name: ARTIFACTS_URL, value: {{ .Values.artifacts.url | quote }} }
{{- if hasPrefix "s3:" .Values.artifacts.url }}
{{- with .Values.artifacts.s3 }}
- { name: S3_REGION, value: {{ .region | quote }} }
- { name: S3_PRESIGN_SECONDS, value: {{ .presignSeconds | quote }} }
{{- if .endpoint }}
- { name: S3_ENDPOINT, value: {{ .endpoint | quote }} }
{{- end }}
{{- if .publicEndpoint }}
- { name: S3_PUBLIC_ENDPOINT, value: {{ .publicEndpoint | quote }} }
{{- end }}
{{- if .credentials }}
- { name: S3_ACCESS_KEY_ID_FILE, value: /run/secrets/awp/s3-access-key }
- { name: S3_SECRET_ACCESS_KEY_FILE, value: /run/secrets/awp/s3-secret-key }
{{- end }}
{{- end }}
{{- end }}
{{- include "awp.tracing" . }}
- { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
{{- if .Values.secrets.temporalApiKey }}
- { name: TEMPORAL_API_KEY_FILE, value: /run/secrets/awp/temporal-api-key }
{{- end }}
{{- if .Values.temporal.tlsSecret }}
- { name: TEMPORAL_TLS_CERT_FILE, value: /run/secrets/temporal/tls.crt }
- { name: TEMPORAL_TLS_KEY_FILE, value: /run/secrets/temporal/tls.key }
{{- if .Values.temporal.tlsCa }}
- { name: TEMPORAL_TLS_CA_FILE, value: /run/secrets/temporal/ca.crt }
{{- end }}
{{- end }}
{{- with .Values.temporal.serverName }}
- { name: TEMPORAL_TLS_SERVER_NAME, value: {{ . | quote }} }
{{- end }}
{{- if .Values.demo.enabled }}
- { name: DEMO_BASE_URL, value: "http://{{ include "awp.name" . }}-demo:8100/v1" }
- { name: AWP_ALLOWED_PRIVATE_HOSTS, value: {{ printf "%s-demo" (include "awp.name" .) | quote }} }
{{- end }}
{{- with .Values.providerQueues }}
- { name: AWP_PROVIDER_QUEUES, value: {{ join "," . | quote }} }
{{- end }}
{{- range .Values.secrets.providerKeys }}
- { name: {{ upper . }}_API_KEY_FILE, value: /run/secrets/awp/{{ . }}-api-key }
{{- end }}
{{- range $name, $value := .Values.extraEnv }}
- { name: {{ $name }}, value: {{ $value | toString | quote }} }
{{- end }}
{{- end -}}

{{- define "awp.secretMounts" -}}
- { name: secrets, mountPath: /run/secrets/awp, readOnly: true }
{{- if .Values.temporal.tlsSecret }}
- { name: temporal-tls, mountPath: /run/secrets/temporal, readOnly: true }
{{- end }}
- { name: tmp, mountPath: /tmp }
{{- end -}}

{{- define "awp.secretVolumes" -}}
- name: secrets
  secret: { secretName: {{ .Values.secrets.name }}, defaultMode: 0440 }
{{- with .Values.temporal.tlsSecret }}
- name: temporal-tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
- name: tmp
  emptyDir: { sizeLimit: 512Mi }
{{- end -}}

{{- define "awp.onDisk" -}}{{ hasPrefix "file:" .Values.artifacts.url }}{{- end -}}

{{- define "awp.dataMounts" -}}
{{- if eq (include "awp.onDisk" .) "true" }}
- { name: artifacts, mountPath: /data/artifacts }
{{- end }}
{{- end -}}

{{- define "awp.dataVolumes" -}}
{{- if eq (include "awp.onDisk" .) "true" }}
- name: artifacts
  {{- if .Values.artifacts.persistence.enabled }}
  persistentVolumeClaim: { claimName: {{ .Values.artifacts.persistence.existingClaim | default (printf "%s-artifacts" (include "awp.name" .)) }} }
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Where provider keys lie in Vault: for api and workers alone, which read and write them. */}}
{{- define "awp.vaultEnvironment" -}}
{{- if eq .Values.secretStore.kind "vault" }}
{{- with .Values.secretStore.vault }}
- { name: AWP_SECRET_STORE, value: vault }
- { name: VAULT_ADDR, value: {{ .address | quote }} }
- { name: VAULT_KV_MOUNT, value: {{ .mount | quote }} }
- { name: VAULT_KV_PREFIX, value: {{ .prefix | quote }} }
{{- with .namespace }}
- { name: VAULT_NAMESPACE, value: {{ . | quote }} }
{{- end }}
{{- with .authMount }}
- { name: VAULT_AUTH_MOUNT, value: {{ . | quote }} }
{{- end }}
{{- if .role }}
- { name: VAULT_KUBERNETES_ROLE, value: {{ .role | quote }} }
- { name: VAULT_KUBERNETES_TOKEN_FILE, value: /run/vault/token }
{{- else }}
- { name: VAULT_ROLE_ID, value: {{ .roleId | quote }} }
- { name: VAULT_SECRET_ID_FILE, value: /run/secrets/awp/vault-secret-id }
{{- end }}
{{- if .caSecret }}
- { name: NODE_EXTRA_CA_CERTS, value: /run/vault-ca/ca.crt }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "awp.vaultMounts" -}}
{{- if eq .Values.secretStore.kind "vault" }}
{{- if .Values.secretStore.vault.role }}
- { name: vault-token, mountPath: /run/vault, readOnly: true }
{{- end }}
{{- if .Values.secretStore.vault.caSecret }}
- { name: vault-ca, mountPath: /run/vault-ca, readOnly: true }
{{- end }}
{{- end }}
{{- end -}}

{{- define "awp.vaultVolumes" -}}
{{- if eq .Values.secretStore.kind "vault" }}
{{- with .Values.secretStore.vault }}
{{- if .role }}
# Not the account's own token: Kubernetes' API refuses this one.
- name: vault-token
  projected: { defaultMode: 0440, sources: [{ serviceAccountToken: { path: token, audience: {{ .audience | quote }}, expirationSeconds: 3600 } }] }
{{- end }}
{{- if .caSecret }}
- name: vault-ca
  secret: { secretName: {{ .caSecret }}, defaultMode: 0440 }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
