#!/bin/sh
# PostgreSQL's programs for the tests, which start a server of their own. Root installs them where apt exists; anybody
# else is told what will be skipped.
for name in /usr/lib/postgresql/*/bin/initdb; do
  [ -x "$name" ] && exit 0
done
command -v initdb >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing PostgreSQL for the database tests." >&2
  log=$(mktemp)
  # The package would make and start a server of the machine's own: not wanted here.
  if {
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-common &&
      pg_conftool /etc/postgresql-common/createcluster.conf set create_main_cluster false &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql
  } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 3 "$log" >&2
  rm -f "$log"
fi
echo "*** NO POSTGRESQL: THE DATABASE TESTS ARE SKIPPED. Install it with: sudo apt-get install postgresql ***" >&2
exit 0
