#!/usr/bin/env bash
# What the GitHub Action runs (action.yml): starts the API where it is told how, scans it, and leaves its reports in
# .deadheat/action. Ends as the scan ended.
set -euo pipefail

folder=.deadheat/action
mkdir -p "$folder"
api=""

stop() {
  if [ -z "$api" ]; then return; fi
  # The whole group: a server that was started by a shell outlives it. Once the shell has ended its number may be
  # another's; that of its group is its own as long as no process has it.
  if jobs -pr | grep -qx "$api" || ! kill -0 "$api" 2>/dev/null; then kill -- "-$api" 2>/dev/null || true; fi
}
trap stop EXIT

if [ -n "${ACTION_START:-}" ]; then
  if [ -z "${ACTION_TARGET:-}" ]; then
    echo "deadheat: start is given and target is not: where will the API answer?" >&2
    exit 2
  fi
  set -m
  bash -c "$ACTION_START" >"$folder/api.log" 2>&1 &
  api=$!
  set +m
  waited=0
  # Any answer will do; one that refuses is one.
  until curl --silent --output /dev/null --max-time 2 "$ACTION_TARGET"; do
    if ! kill -0 "$api" 2>/dev/null || [ "$waited" -ge "${ACTION_WAIT:-60}" ]; then
      echo "deadheat: the API does not answer at $ACTION_TARGET; the end of its output:" >&2
      # Not at the beginning of a line: there `::error::` would be an order to the runner.
      tail -n 20 "$folder/api.log" | sed "s/^/  | /" >&2
      exit 2
    fi
    sleep 1
    waited=$((waited + 1))
  done
fi

arguments=(scan)
if [ -n "${ACTION_DOCUMENT:-}" ]; then arguments+=("$ACTION_DOCUMENT"); fi
if [ -n "${ACTION_TARGET:-}" ]; then arguments+=(--target "$ACTION_TARGET"); fi
if [ -n "${ACTION_CONFIG:-}" ]; then arguments+=(--config "$ACTION_CONFIG"); fi
if [ -n "${ACTION_BASELINE:-}" ]; then arguments+=(--baseline "$ACTION_BASELINE"); fi
if [ -n "${ACTION_FAIL_ON:-}" ]; then arguments+=(--fail-on "$ACTION_FAIL_ON"); fi
while IFS= read -r line; do
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"${ACTION_ARGUMENTS:-}"
for format in sarif junit html; do arguments+=(--format "$format=$folder/deadheat.$format"); done
arguments+=(--format "markdown=$folder/deadheat.md")

code=0
npx --yes --package "${ACTION_PACKAGE:-deadheat}" -- deadheat "${arguments[@]}" || code=$?

if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "exit-code=$code"
    # A scan that ended on its arguments leaves its files empty: whoever uploads one would fail for it.
    for report in sarif=deadheat.sarif junit=deadheat.junit markdown=deadheat.md page=deadheat.html; do
      if [ -s "$folder/${report#*=}" ]; then echo "${report%%=*}=$folder/${report#*=}"; fi
    done
  } >>"$GITHUB_OUTPUT"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -s "$folder/deadheat.md" ]; then
  cat "$folder/deadheat.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
