#!/usr/bin/env bash
# dagster-webserver 1.13.27: files in $DAGSTER_HOME/logs, with telemetry switched off in dagster.yaml.
#
# Guess: "telemetry: enabled: false" keeps telemetry from touching anything, and a folder named logs beside dagster.yaml is a fine
# place for the log files of a service. Seen: the web server (the daemon has the same call) takes every file of that
# folder for telemetry's own, whoever wrote it: the folder is renamed to .logs_queue at start, its files are posted to the
# address of telemetry and deleted once that has answered. Only the environment variable DAGSTER_DISABLE_TELEMETRY
# stops it. Keep logs in a folder of another name. Here a server on this machine stands in for that address.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    dagster==1.13.27 dagster-webserver==1.13.27 dagster-graphql==1.13.27
cat > "$folder/posted.py" <<'PYTHON'
import http.server
import pathlib
import sys


class Posted(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        with pathlib.Path(sys.argv[1]).open("a") as noted:
            noted.write("posted\n")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Posted)
pathlib.Path(sys.argv[2]).write_text(str(server.server_port))
server.serve_forever()
PYTHON
"$folder/venv/bin/python" "$folder/posted.py" "$folder/posted" "$folder/port" &
until [ -s "$folder/port" ]; do sleep 0.2; done
echo "load_from: []" > "$folder/workspace.yaml"
started() { # HOME [VARIABLE=VALUE]: what is left in logs after the web server has been up for a moment
    local home=$1
    mkdir -p "$home/logs"
    printf 'telemetry:\n  enabled: false\n' > "$home/dagster.yaml"
    echo "a line of our own" > "$home/logs/service.log"
    env -u DAGSTER_DISABLE_TELEMETRY ${2:-} DAGSTER_HOME="$home" \
        DAGSTER_TELEMETRY_URL="http://127.0.0.1:$(cat "$folder/port")/actions" \
        "$folder/venv/bin/dagster-webserver" -w "$folder/workspace.yaml" -h 127.0.0.1 -p 0 > "$home/said" 2>&1 &
    until grep -qs "Serving dagster-webserver" "$home/said"; do sleep 0.5; done
    sleep 5
    kill $!
    if [ -e "$home/logs/service.log" ]; then echo kept; else echo gone; fi
}
off=$(started "$folder/off")
variable=$(started "$folder/variable" DAGSTER_DISABLE_TELEMETRY=1)
posts=$(wc -l < "$folder/posted")
echo "telemetry off in dagster.yaml: file $off, posts: $posts; DAGSTER_DISABLE_TELEMETRY=1: file $variable"
[ "$off/$posts/$variable" = "gone/1/kept" ]
