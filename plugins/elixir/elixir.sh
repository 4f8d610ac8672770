#!/bin/sh
# A plugin of relman for Elixir: finds the version in mix.exs. Needs a POSIX shell and any awk.
#
# Started once per call: prints a line that says what it is; elixir.awk reads at most one line with a request, and prints
# a line with the answer.
set -eu

# Places are counted in bytes, and in this locale a character is one.
LC_ALL=C
export LC_ALL

echo '{"relman":[1],"name":"elixir","version":"1.0.0","roles":["manifest"]}'
exec awk -f "${0%/*}/elixir.awk"
