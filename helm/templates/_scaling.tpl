{{- define "awp.hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{ include "awp.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .name }} }
  minReplicas: {{ .scale.min }}
  maxReplicas: {{ .scale.max }}
  metrics:
    - { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ .scale.cpu }} } } }
    {{- with .scale.memory }}
    - { type: Resource, resource: { name: memory, target: { type: Utilization, averageUtilization: {{ . }} } } }
    {{- end }}
  behavior:
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: Pods, value: 1, periodSeconds: 60 }] }
{{- end -}}

{{- define "awp.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{ include "awp.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "awp.selector" . | nindent 6 }}
{{- end -}}
