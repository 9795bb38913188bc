"""A release build on a scratch database, the two load generators, and the ratio between them."""
import contextlib, json, os, pathlib, re, statistics, subprocess, sys, time, urllib.error, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ADDRESS = "127.0.0.1:18080"
CONNECTIONS, SECONDS = 16, 4


@contextlib.contextmanager
def served(folder):
    """The server over the demo; gives its process and what `demo-credentials` prints."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "concilia"], cwd=ROOT, check=True)
    settings = {"CONCILIA_DATA_DIR": folder, "CONCILIA_ADDR": ADDRESS, "CONCILIA_RATE_LIMIT": "1000000000"}
    concilia, env = target / "release" / "concilia", os.environ | settings | {"CONCILIA_LOG": "error"}
    subprocess.run([concilia, "demo"], env=env, check=True, stderr=subprocess.DEVNULL)
    server = subprocess.Popen([concilia, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield server, json.loads(subprocess.check_output([concilia, "demo-credentials"], env=env))
    finally:
        server.terminate()
        server.wait()


def compare(name, rounds, over_http, by_pgbench):
    """Turn by turn, requests a second over transactions a second."""
    ratios = []
    for turn in range(rounds):
        http, sql = over_http(turn), by_pgbench(turn)
        ratios.append(http / sql)
        print(f"{name}: {http:.0f} / {sql:.0f} a second = {ratios[-1]:.2f}", flush=True)
    print(f"{name}: median {statistics.median(ratios):.2f}")


def psql(*arguments):
    command = ["psql", os.environ["DATABASE_URL"], "-qAt", "-v", "ON_ERROR_STOP=1", *arguments]
    return subprocess.check_output(command, text=True)


def pgbench(script, *arguments):
    load = ["-n", "-M", "prepared", "-c", str(CONNECTIONS), "-T", str(SECONDS), "-f", HERE / script]
    out = subprocess.check_output(["pgbench", *load, *arguments, os.environ["DATABASE_URL"]], text=True)
    return float(re.search(r"tps = ([\d.]+)", out)[1])


def wrk(script):
    load = ["-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", script]
    out = subprocess.check_output(["wrk", *load, f"http://{ADDRESS}"], text=True)
    if "Non-2xx" in out:
        sys.exit(out)
    return float(re.search(r"Requests/sec: *([\d.]+)", out)[1])


def write_script(path, token, method, pattern, ids):
    """A wrk script that goes through the identifiers once and remembers, from run to run, where it stands."""
    listed, mark = path.with_suffix(".ids"), path.with_suffix(".at")
    listed.write_text("\n".join(ids))
    mark.write_text("0")
    path.write_text(f"""
local ids, mark = {{}}, io.open('{mark}')
for id in io.lines('{listed}') do ids[#ids + 1] = id end
local at = mark:read('n')
mark:close()
wrk.headers['Authorization'] = 'Bearer {token}'
request = function()
  at = at + 1
  if at % 100 == 0 then mark = io.open('{mark}', 'w') mark:write(at + 100) mark:close() end
  wrk.headers['Idempotency-Key'] = 'measured-' .. at
  return wrk.format('{method}', string.format('{pattern}', ids[(at - 1) % #ids + 1]))
end
""")
    return path


def call(method, path, token=None, body=None, media_type="application/json"):
    """The JSON that the API answers, waiting for a server that is starting."""
    headers = {"Content-Type": media_type} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"http://{ADDRESS}{path}", body, headers, method=method)
    for attempt in range(100):
        try:
            return json.load(urllib.request.urlopen(request))
        except ConnectionError:
            time.sleep(0.1)
        except urllib.error.HTTPError as refusal:
            sys.exit(refusal.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    sys.exit("the server does not answer")
