#!/usr/bin/env bash
# Takes the binary at URL when its digest is SHA256, and checks PATHS with it. Used by the GitHub Action and the GitLab component.
set -euo pipefail
: "${URL:?where the binary is kept}" "${SHA256:?its digest}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
curl --fail --silent --show-error --location --output "$folder/hallmark" "$URL"
if command -v sha256sum >/dev/null 2>&1; then
    echo "$SHA256  $folder/hallmark" | sha256sum --check --status || { echo "hallmark: the binary is not the one with the digest $SHA256" >&2; exit 3; }
else
    echo "$SHA256  $folder/hallmark" | shasum -a 256 --check --status || { echo "hallmark: the binary is not the one with the digest $SHA256" >&2; exit 3; }
fi
chmod 755 "$folder/hallmark"
arguments=()
while IFS= read -r line; do if [ -n "$line" ]; then arguments+=("$line"); fi; done <<<"${OPTIONS:-}"
if [ -n "${SARIF:-}" ]; then arguments+=(--format "${PLATFORM:-github}" --format "sarif=$SARIF"); fi
while IFS= read -r line; do if [ -n "$line" ]; then arguments+=("$line"); fi; done <<<"${PATHS:-messages}"
"$folder/hallmark" check "${arguments[@]}"
