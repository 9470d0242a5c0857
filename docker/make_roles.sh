#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: the same roles, database and extensions that the
# embedded server has from its first start.
set -eu

superuser() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" "$@"; }

superuser --dbname=postgres --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
create role hearback_owner login password :'owner_password';
create role hearback_app login password :'app_password';
grant hearback_app to hearback_owner with inherit false, set true;
create database hearback owner hearback_owner;
SQL

superuser --dbname=hearback <<'SQL'
create extension vector;
create extension pg_trgm;
create extension unaccent;
SQL
