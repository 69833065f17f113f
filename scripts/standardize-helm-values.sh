#!/bin/sh
# The old script's name: rewrites the charts below helm/charts, or what is given, with `valuelint --fix`, and ends with
# its exit status. Runs the valuelint on PATH, else the one that scripts/run beside this file builds.
#
#   scripts/standardize-helm-values.sh [OPTION|PATH]...
set -eu
[ $# -gt 0 ] || set -- helm/charts
command -v valuelint >/dev/null || exec "$(dirname "$0")/run" --fix "$@"
exec valuelint --fix "$@"
