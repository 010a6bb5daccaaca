#!/bin/sh
# Ask a running Dateline server (`dateline serve`) with curl.
#
#   examples/ask.sh                                            a question about the sample articles
#   examples/ask.sh '{"question": "…", "as_of": "2026-03-10"}'   any request body
#
# SERVER is host:port and defaults to 127.0.0.1:7860.
set -eu

server=${SERVER:-127.0.0.1:7860}
example='{"question": "Who is deputy mayor of Vessenport?", "as_of": "2026-10-15", "top_k": 5}'

exec curl --silent --show-error --fail-with-body --max-time 120 \
    --header 'Content-Type: application/json' \
    --data "${1:-$example}" \
    "http://$server/v1/ask"
