{{/* The pod that runs a command of the agent: (dict "root" $ "command" "run"). */}}
{{- define "confluent-scraping-agent.podSpec" -}}
{{- $run := eq .command "run" }}
{{- with .root -}}
serviceAccountName: {{ .Values.serviceAccountName }}
automountServiceAccountToken: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if not $run }}
restartPolicy: Never
{{- end }}
# no KAFKA_SERVICE_HOST and the like for a Service named kafka
enableServiceLinks: false
# the agent finishes the window in hand within 30 s
terminationGracePeriodSeconds: 40
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
containers:
  - name: agent
    image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    args:
      - {{ $.command }}
    env:
      {{- range list "CONFLUENT_METRICS_CLUSTER_ID_LIST" "KAFKA_BOOTSTRAP_SERVERS" }}
      {{- $_ := get $.root.Values.settings . | required (printf "settings.%s is required" .) }}
      {{- end }}
      {{- range $variable, $value := .Values.settings }}
      - name: {{ $variable }}
        {{- /* Helm reads whole numbers as floating-point ones, and would print 1e+07 */}}
        value: {{ kindIs "float64" $value | ternary (int64 $value) $value | quote }}
      {{- end }}
      {{- range $variable, $file := .Values.files }}
      - name: {{ $variable }}
        value: /run/agent/files/{{ $variable }}
      {{- end }}
      {{- if .Values.routesConfigMap }}
      - name: AGENT_ROUTES_DIR
        value: /run/agent/routes
      {{- end }}
      {{- if $run }}
      - name: MANAGEMENT_PORT
        value: "8080"
      {{- end }}
      {{- if gt (int .Values.shards) 1 }}
      {{- if $run }}
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      {{- end }}
      # the pod <name>-0 is shard 1; another command is for that one
      - name: AGENT_SHARD
        value: {{ $run | ternary "$(POD_NAME)" "1" }}/{{ int .Values.shards }}
      {{- end }}
      {{- if $run }}
    ports:
      - name: management
        containerPort: 8080
    # up to a minute to start
    startupProbe:
      httpGet:
        path: /observe/health/live
        port: management
      periodSeconds: 2
      failureThreshold: 30
      timeoutSeconds: 2
    # restarts a hanging process; nothing outside of the pod makes it fail
    livenessProbe:
      httpGet:
        path: /observe/health/live
        port: management
      periodSeconds: 20
      failureThreshold: 3
      timeoutSeconds: 5
    readinessProbe:
      httpGet:
        path: /observe/health/ready
        port: management
      periodSeconds: 10
      failureThreshold: 3
      timeoutSeconds: 5
      {{- end }}
    resources:
      {{- toYaml .Values.resources | nindent 6 }}
    securityContext:
      {{- toYaml .Values.securityContext | nindent 6 }}
    volumeMounts:
      - name: files
        mountPath: /run/agent/files
        readOnly: true
      {{- if .Values.routesConfigMap }}
      - name: routes
        mountPath: /run/agent/routes
        readOnly: true
      {{- end }}
      # libraries that Java unpacks, for compression
      - name: tmp
        mountPath: /tmp
volumes:
  - name: files
    projected:
      # 0440, for the group that fsGroup names
      defaultMode: 288
      sources:
        {{- range $variable, $file := .Values.files }}
        - {{ hasKey $file "secret" | ternary "secret" "configMap" }}:
            name: {{ $file.secret | default $file.configMap }}
            items:
              - key: {{ $file.key | quote }}
                path: {{ $variable }}
        {{- end }}
  {{- with .Values.routesConfigMap }}
  - name: routes
    configMap:
      name: {{ . }}
  {{- end }}
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
