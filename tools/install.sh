#!/bin/sh
# Sets up .venv from a lock file: install.sh requirements.lock | requirements-dev.lock
#
# The second run with the same lock, pyproject.toml and Python does nothing. A run that was broken off leaves no stamp, so the next one
# goes on. What a user can mend gets one sentence and exit status 1; the whole log is in .venv/install.log.
set -u
lock=$1
log=.venv/install.log
needed_mb=1500

fail() {
  printf 'spamlab: %s\n' "$1" >&2
  exit 1
}

# Which Python: the one named by PYTHON, else python3, else a newer one beside it.
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=${PYTHON:-}
if [ -n "$python" ]; then
  new_enough "$python" || fail "spamlab needs Python 3.11 or newer, and $python is not: name another with make PYTHON=/path/to/python3."
else
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then python=$name; break; fi
  done
  [ -n "$python" ] || fail "spamlab needs Python 3.11 or newer and found $(python3 --version 2>&1 || echo none): \
install one (Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv) or name it with make PYTHON=/path/to/python3."
fi

# The stamp says what .venv holds. A .venv with the tests' packages serves users as well.
fingerprint() { { cat "$1" pyproject.toml; .venv/bin/python -VV 2>/dev/null; pwd; } | cksum; }
if [ -x .venv/bin/python ]; then
  for done in "$lock" requirements-dev.lock; do
    [ "$(cat ".venv/.$done.stamp" 2>/dev/null)" = "$(fingerprint "$done")" ] && exit 0
  done
fi

free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ -d .venv ] && used_mb=$(du -sk .venv | awk '{ print int($1 / 1024) }') || used_mb=0
[ $((free_mb + used_mb)) -ge "$needed_mb" ] ||
  fail "the disk has $free_mb MB free, and .venv needs $needed_mb MB: make room, then run make again."

rm -f .venv/.*.stamp
if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || ! new_enough .venv/bin/python; then
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "Python's venv module is missing: sudo apt-get install python3-venv (or python$("$python" -c \
'import sys; print("%d.%d" % sys.version_info[:2])')-venv), then run make again."
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 || {
    rm -rf .venv
    fail "could not make .venv in $(pwd): is the folder writable, and is there room on the disk?"
  }
fi

explain() {
  if grep -qi 'no space left' "$log"; then
    fail "the disk filled up while installing: make room, then run make again."
  elif grep -qiE 'name resolution|failed to establish|connection (refused|reset|broken)|timed out|unreachable|SSLError|CERTIFICATE' "$log"; then
    fail "no package index can be reached, and the first set-up needs one: connect to the internet or set PIP_INDEX_URL to a mirror, \
then run make again (log: $log)."
  elif grep -qi 'do not match the hashes' "$log"; then
    fail "a downloaded package is not the one named in $lock: the download is damaged or the mirror is wrong (log: $log)."
  elif grep -qiE 'could not find a version|no matching distribution' "$log"; then
    fail "the package index lacks a package named in $lock: $(grep -m1 -oiE 'no matching distribution found for [^ ]+' "$log") (log: $log)."
  fi
  fail "pip could not install the packages: the last line of its log is \"$(grep -v '^$' "$log" | tail -n 1)\" (log: $log)."
}

# Nothing of the user's pip or Python settings may change what is installed, save which index serves it.
unset PYTHONPATH PYTHONHOME PIP_REQUIREMENT PIP_TARGET PIP_PREFIX PIP_USER
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONNOUSERSITE=1
echo "Setting up .venv from $lock, $(grep -c '==' "$lock") packages: a minute or two, this once." >&2
.venv/bin/python -m pip install --quiet --retries 2 --timeout 20 --require-hashes --only-binary :all: -r "$lock" >"$log" 2>&1 || explain
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e . >>"$log" 2>&1 || explain
# nbgrader, typed by hand in a course's folder, must find the kernel that its notebooks name: the sandboxed one.
.venv/bin/python -c 'import pathlib, sys; from spamlab.sandbox.kernel import write_kernelspec
write_kernelspec(pathlib.Path(sys.prefix) / "share/jupyter")' >>"$log" 2>&1 || explain
fingerprint "$lock" >".venv/.$lock.stamp" || fail "could not write into .venv: is the disk full?"
