#!/bin/sh
# Alertmanager reads no environment, so its configuration is written here: everything to ALERTS_WEBHOOK_URL, or, while that is empty, to
# nobody; it then only shows and silences. An alertmanager.yml beside this file is used instead. Run by the image prom/alertmanager.
set -eu
config="$(dirname "$0")/alertmanager.yml"
if [ ! -f "$config" ]; then
  config="${TMPDIR:-/tmp}/alertmanager.yml"
  receiver=nobody
  [ -z "${ALERTS_WEBHOOK_URL:-}" ] || receiver=webhook
  # Within single quotes YAML knows one escape: the quote, doubled.
  address="$(printf %s "${ALERTS_WEBHOOK_URL:-http://127.0.0.1}" | sed "s/'/''/g")"
  umask 077
  cat > "$config" <<END
route: { receiver: $receiver, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h }
receivers:
  - name: nobody
  - name: webhook
    webhook_configs: [{ url: '$address', send_resolved: true }]
END
  [ "$receiver" = webhook ] || echo 'ALERTS_WEBHOOK_URL is empty: nobody is told of an alert' >&2
fi
# Alone: it speaks to no others of its kind.
exec alertmanager --config.file="$config" --storage.path=/alertmanager --cluster.listen-address=
