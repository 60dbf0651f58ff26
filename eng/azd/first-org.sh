#!/bin/sh
# Run by azd after it has deployed. With the admin key in FREEWAY_ADMIN_KEY it activates the catalogue of the file
# FREEWAY_FIRST_CATALOGUE, and makes the organisation FREEWAY_FIRST_ORG with a key, whichever of the two is named. Run again, it
# changes nothing.
set -eu

api=${FREEWAY_URL:?"is missing: azd provision sets it"}/api/v1/admin
if [ -z "${FREEWAY_ADMIN_KEY-}" ]; then
  echo 'freeway: deployed. Without FREEWAY_ADMIN_KEY no catalogue and no organisation is made (docs/deploy.md, step 5).'
  exit 0
fi

# The key goes through a pipe, and so into no list of processes.
call() {
  printf 'header = "Authorization: Bearer %s"\n' "$FREEWAY_ADMIN_KEY" | curl -sS --fail-with-body --config - "$@"
}

# New roles take some minutes to be heard of.
curl -sSf -o /dev/null --retry 30 --retry-delay 10 --retry-all-errors "$FREEWAY_URL/health/ready"

if [ -n "${FREEWAY_FIRST_CATALOGUE-}" ]; then
  body=$(mktemp)
  trap 'rm -f "$body"' EXIT
  { printf '{"catalogue":'; cat "$FREEWAY_FIRST_CATALOGUE"; printf '}'; } >"$body"
  stored=$(call --data-binary "@$body" "$api/catalogue/versions") ||
    { printf 'freeway: the catalogue is refused: %s\n' "$stored" >&2; exit 1; }
  version=$(printf %s "$stored" | grep -o '"version":[0-9]*' | head -n 1 | cut -d : -f 2)
  call -o /dev/null -d "{\"version\":$version}" "$api/catalogue/activations"
  echo "freeway: version $version of the catalogue counts."
fi

if [ -n "${FREEWAY_FIRST_ORG-}" ]; then
  if call -o /dev/null "$api/orgs/$FREEWAY_FIRST_ORG" 2>/dev/null; then
    echo "freeway: the organisation $FREEWAY_FIRST_ORG is there already."
    exit 0
  fi

  call -o /dev/null -d "{\"id\":\"$FREEWAY_FIRST_ORG\",\"name\":\"$FREEWAY_FIRST_ORG\"}" "$api/orgs"
  made=$(call -d '{"id":"first"}' "$api/orgs/$FREEWAY_FIRST_ORG/keys")
  printf 'freeway: the key of %s, shown this once: %s\n' \
    "$FREEWAY_FIRST_ORG" "$(printf %s "$made" | grep -o '"secret":"[^"]*"' | cut -d '"' -f 4)"
fi
