#!/bin/sh
# Run by azd before it provisions: makes the admin key of a new environment and keeps its hash there. The key itself is
# shown once and kept nowhere.
set -eu

[ -z "${FREEWAY_ADMIN_KEY_HASH-}" ] || exit 0

# What a pipeline prints, others read.
if [ ! -t 1 ]; then
  echo 'freeway: make an admin key (docs/deploy.md, step 1) and run: azd env set FREEWAY_ADMIN_KEY_HASH HASH' >&2
  exit 1
fi

key=$(openssl rand -hex 32)
azd env set FREEWAY_ADMIN_KEY_HASH "$(printf %s "$key" | sha256sum | cut -c1-64)"
printf 'freeway: your admin key, shown this once: %s\n' "$key"
