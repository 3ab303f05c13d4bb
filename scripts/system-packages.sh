#!/bin/sh
# Installs what navo-qa uses of the system: tesseract with Dutch and English for scans, and poppler-utils and pandoc,
# which only the tests compare with. As root by apt; else it says what to install.
set -eu

packages="tesseract-ocr tesseract-ocr-nld tesseract-ocr-eng poppler-utils pandoc"

if ! command -v apt-get >/dev/null 2>&1; then
    echo "no apt-get here; install with your own package manager: $packages" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "not root; run: sudo apt-get update && sudo apt-get install -y $packages" >&2
    exit 1
fi
apt-get update
# shellcheck disable=SC2086
apt-get install -y --no-install-recommends $packages
