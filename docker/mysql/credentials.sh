#!/bin/sh
# Runs before the database's first start: makes the services' password, which nobody has to choose, and the statements the server runs when
# its data folder is new. Every database is made here, and one user with rights on exactly these; services never see root's password.
set -eu

file=/credentials/datastore__password
if [ ! -s "$file" ]; then
  head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$file.part"
  mv "$file.part" "$file"
fi
# Services run as users of their own; nothing but them has this volume.
chmod 644 "$file"

{
  echo "CREATE USER IF NOT EXISTS events@'%' IDENTIFIED BY '$(cat "$file")';"
  for database in receiver real_estate events processing analyzer consistency anomalies; do
    echo "CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
    echo "GRANT ALL ON $database.* TO events@'%';"
  done
} >/init/10-databases.sql
chmod 644 /init/10-databases.sql
