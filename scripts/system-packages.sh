#!/bin/sh
# Installs what navo-qa uses of the system: tesseract with Dutch and English for scans; and what only its tests use,
# Chromium for the page, poppler-utils and pandoc to compare with. As root by apt; else it says what to install.
# Does nothing where all of it is there.
set -eu

packages="tesseract-ocr tesseract-ocr-nld tesseract-ocr-eng chromium poppler-utils pandoc"

missing=""
for command in tesseract chromium pdftotext pandoc; do
    command -v "$command" >/dev/null 2>&1 || missing="$missing $command"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "no$missing, and no apt-get here; install with your own package manager: $packages" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "no$missing, and not root; run: sudo apt-get update && sudo apt-get install -y $packages" >&2
    exit 1
fi
apt-get update
# shellcheck disable=SC2086
apt-get install -y --no-install-recommends $packages
