#!/bin/sh
# A plugin of relman. Needs a POSIX shell and any awk.
#
# Started once a call: writes its hello. Then request.awk reads at most one line, the request, and plugin.awk writes the answer.
set -eu

# Places are counted in bytes, and in this locale a character is one.
LC_ALL=C
export LC_ALL

echo '{"relman":[1],"name":"__NAME__","version":"0.1.0","roles":["__ROLE__"]}'
exec awk -f "${0%/*}/request.awk" -f "${0%/*}/plugin.awk"
