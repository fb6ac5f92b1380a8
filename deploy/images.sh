#!/bin/sh
# Builds every image of docker-compose.yml, pulling none: dondoc, dondoc-postgres, dondoc-kafka.
# BASE: a Debian 12 image that is there (default debian:bookworm-slim; made by debootstrap if not).
# CA_BUNDLE: certificates by which the package index is trusted (default: the host's own).
set -eu
cd "$(dirname "$0")/.."
base=${BASE:-debian:bookworm-slim}
bundle=${CA_BUNDLE:-/etc/ssl/certs/ca-certificates.crt}
export BASE="$base" CA_BUNDLE="$bundle"

fail() {
    echo "images: $1" >&2
    exit 2
}

docker version --format '{{.Server.Version}}' >/dev/null 2>&1 \
    || fail "no container engine answers: start it, or run deploy/engine.sh as root"
docker compose version >/dev/null 2>&1 || fail "docker compose is missing: install its plugin"
[ -r "$bundle" ] || fail "$bundle cannot be read: name a bundle of certificates with CA_BUNDLE"

if ! docker image inspect "$base" >/dev/null 2>&1; then
    command -v debootstrap >/dev/null || fail "there is no image $base, and no debootstrap to make it: install debootstrap, or name another Debian 12 image with BASE"
    [ "$(id -u)" = 0 ] || fail "there is no image $base, and debootstrap needs root to make it"
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    echo "images: making $base from Debian's packages ..."
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$root.log" 2>&1 \
        || fail "debootstrap failed: $(tail -n 1 "$root.log")"
    rm -f "$root.log"
    tar -C "$root" --exclude './var/cache/apt/archives/*.deb' -c . | docker import - "$base" >/dev/null
fi

.venv/bin/python -m deploy.kafka jars
docker compose -f deploy/images.yml build -q \
    || fail "the images could not be built; what went wrong is above"
echo "images: built; make up starts them"
