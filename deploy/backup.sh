#!/bin/sh
# Dumps the talks: deploy/backup.sh FOLDER. Where the database is say PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
# Dumps older than MYELIN_BACKUP_DAYS (7) are deleted, so that what was deleted is gone from here within that time.
set -eu
folder="$1"
days="${MYELIN_BACKUP_DAYS:-7}"
umask 077
mkdir -p "$folder"
file="$folder/myelin-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --no-owner --no-privileges --table=events --file="$file.part"
mv "$file.part" "$file"
find "$folder" -name 'myelin-*.dump*' -mmin "+$((days * 1440))" -exec rm -f {} +
echo "$file"
