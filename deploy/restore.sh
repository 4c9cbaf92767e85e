#!/bin/sh
# Brings a dump back: deploy/restore.sh FILE, with every Rasa server stopped. The same PG* variables as for backup.sh.
# Talks that are past their time go at once (MYELIN_RETENTION_DAYS, 30). Talks that persons deleted after the dump was
# made come back with it, so take the newest dump (docs/production.md).
set -eu
file="$1"
days="${MYELIN_RETENTION_DAYS:-30}"
pg_restore --list "$file" >/dev/null
pg_restore --clean --if-exists --no-owner --no-privileges --single-transaction --exit-on-error --dbname="${PGDATABASE:?}" "$file"
psql -q -v ON_ERROR_STOP=1 -v days="$days" <<'SQL'
DELETE FROM events WHERE sender_id IN (
    SELECT sender_id FROM events GROUP BY sender_id
    HAVING max(timestamp) < extract(epoch FROM now()) - :days * 86400
);
SQL
psql -qtA -c "SELECT count(DISTINCT sender_id) || ' talks restored' FROM events"
