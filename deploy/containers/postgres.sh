#!/bin/sh
# PostgreSQL in its container; databases and roles are the job of `python -m deploy.databases`.
set -eu

data=/var/lib/postgresql/data
password=/run/secrets/postgres_admin
if [ ! -s "$password" ] || [ ! -r "$password" ]; then
    echo "postgres: the secret postgres_admin is empty or cannot be read: run make secrets" >&2
    exit 2
fi
if [ ! -e "$data/PG_VERSION" ]; then
    initdb --pgdata "$data" --username postgres --pwfile "$password" --auth scram-sha-256 \
        --data-checksums --encoding UTF8 --locale C.UTF-8 >/dev/null
    echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
    # a service's role gets into its own database only
    echo "revoke all on database postgres, template1 from public" \
        | postgres --single -D "$data" postgres >/dev/null
fi
# terse: what an error adds in DETAIL are rows, and in them what people wrote
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp \
    -c max_connections="${POSTGRES_CONNECTIONS:-300}" \
    -c shared_buffers="${POSTGRES_SHARED_BUFFERS:-256MB}" -c jit=off -c log_error_verbosity=terse "$@"
