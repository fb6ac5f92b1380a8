#!/bin/sh
# A container engine and `docker compose` on a Debian machine that has neither: what is there and
# answers is left alone. Needs root, and Go for the compose plugin, of which Debian 12 has no package.
#   engine.sh                the engine stays
#   engine.sh COMMAND ...    runs it; an engine that was started for it ends with it
set -eu
compose=v2.40.3
module=github.com/docker/compose/v2
log=${TMPDIR:-/tmp}/dockerd.log

fail() {
    echo "engine: $1" >&2
    exit 2
}

as_root() {
    [ "$(id -u)" = 0 ] || fail "$1 needs root: run deploy/engine.sh as root"
}

answers() {
    docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

install_packages() {
    as_root "to install a container engine"
    command -v apt-get >/dev/null || fail "no apt-get here: install a container engine yourself"
    echo "engine: installing Debian's docker.io ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends docker.io iptables debootstrap >/dev/null \
        || fail "Debian's packages docker.io, iptables and debootstrap could not be installed"
}

start_engine() {
    as_root "to start a container engine"
    [ -d /sys/fs/cgroup/memory ] || [ -e /sys/fs/cgroup/cgroup.controllers ] \
        || fail "this kernel limits no memory (no memory cgroup), and the containers ask for it"
    setsid dockerd --storage-driver=overlay2 >"$log" 2>&1 </dev/null &
    engine=$!
    tries=0
    until answers; do
        kill -0 "$engine" 2>/dev/null || fail "dockerd ended: $(tail -n 2 "$log" | tr '\n' ' ')"
        tries=$((tries + 1))
        [ "$tries" -lt 120 ] || fail "dockerd did not answer within 60 s; its log is $log"
        sleep 0.5
    done
    echo "engine: started; its log is $log, and kill $engine ends it"
}

end_engine() {
    kill "$engine" 2>/dev/null && wait "$engine" || true
    echo "engine: ended, since it was started for this"
}

install_compose() {
    command -v go >/dev/null || fail "docker compose is missing, and no Go to build it: install either"
    echo "engine: building docker compose $compose from its Go module (minutes, once) ..."
    plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins
    mkdir -p "$plugins"
    folder=$(go mod download -json "$module@$compose" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -n "$folder" ] || fail "the Go module $module@$compose could not be fetched"
    flags="-s -w -X $module/internal.Version=$compose"
    (cd "$folder" && CGO_ENABLED=0 GOFLAGS=-mod=mod \
        go build -trimpath -ldflags "$flags" -o "$plugins/docker-compose" ./cmd) \
        || fail "docker compose could not be built"
}

started=
if ! answers; then
    { command -v docker && command -v dockerd && command -v iptables; } >/dev/null || install_packages
    start_engine
    started=yes
fi
if [ $# -gt 0 ] && [ -n "$started" ]; then
    trap end_engine EXIT
    trap 'exit 130' INT TERM
fi
docker compose version >/dev/null 2>&1 || install_compose
echo "engine: $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
[ $# = 0 ] || "$@"
