#!/bin/sh
# Take the README's picture of a report: sh eval/picture.sh eval/runs/corpus/report.html docs/img/eval-report.png
set -eu
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
mkdir -p "$(dirname "$2")"
"${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$profile" \
    --hide-scrollbars --window-size=1180,1375 --screenshot="$2" "file://$(realpath "$1")"
