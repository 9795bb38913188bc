"""An employer's push of 100,000 people, one in a hundred with a bad tax code, against COPY of what it stored."""
import itertools, json, pathlib, statistics, threading, time, urllib.parse

from harness import call, psql

ROWS = 100_000
ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
               [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14,
                16, 10, 22, 25, 24, 23]))


def compare_import(server, credentials, folder, rounds):
    machine = next(client for client in credentials["machine_clients"] if client["role"] == "employer")
    form = {"grant_type": "client_credentials", "client_id": machine["client_id"], "client_secret": machine["client_secret"]}
    token = call("POST", "/oauth/token", body=urllib.parse.urlencode(form).encode(),
                 media_type="application/x-www-form-urlencoded")["access_token"]
    employer = call("GET", "/v1/me", token)["roles"][0]["organisation"]["id"]
    body, ratios = people(), []
    for turn in range(rounds):
        psql("-c", f"DELETE FROM employees WHERE employer_id = '{employer}' AND external_id LIKE 'M%'", "-c", "VACUUM employees")
        idle = resident(server)
        with peak_of(server) as peak:
            pushed = timed(lambda: push(token, employer, body))
        copied = timed_copy(folder, employer)
        ratios.append(pushed / copied)
        print(f"import of {ROWS:,} / COPY: {pushed:.2f} / {copied:.2f} seconds = {ratios[-1]:.2f}, "
              f"{(peak.bytes - idle) >> 20} MiB above the idle server", flush=True)
    print(f"import of {ROWS:,} / COPY: median {statistics.median(ratios):.2f}")


def push(token, employer, body):
    path = f"/v1/employers/{employer}/employee-imports/ndjson"
    job = call("POST", path, token, body, "application/x-ndjson")
    while job["state"] not in ("succeeded", "failed"):
        time.sleep(0.02)
        job = call("GET", f"/v1/jobs/{job['id']}", token)
    assert job["result"]["rejected"] == ROWS // 100, job


def timed_copy(folder, employer):
    stored = folder / "employees.copy"
    psql("-c", f"\\copy (SELECT * FROM employees WHERE employer_id = '{employer}' AND external_id LIKE 'M%') TO '{stored}'",
         "-c", f"DELETE FROM employees WHERE employer_id = '{employer}' AND external_id LIKE 'M%'", "-c", "VACUUM employees")
    return timed(lambda: psql("-c", f"\\copy employees FROM '{stored}'"))


def people():
    letters = itertools.product("BCDFGLMNPRSTVZ", repeat=4)
    days = range(1, 29)
    lines = []
    for n, ((a, b, c, d), day) in zip(range(ROWS), itertools.product(letters, days)):
        code = f"{a}{b}{c}{d}RA80A{day:02}E897"
        check = sum(ODD[sign] if at % 2 == 0 else int(sign, 36) - (10 if sign.isalpha() else 0) for at, sign in enumerate(code))
        right = chr(ord("A") + (check + (1 if n % 100 == 99 else 0)) % 26)
        lines.append(json.dumps({"external_id": f"M{n:06}", "tax_code": code + right, "given_name": "Maria",
                                 "family_name": "Rossi", "email": f"m{n}@esempio.example", "employed_from": "2019-09-01",
                                 "contract_type": "permanent", "shift_worker": n % 5 == 0}))
    return "\n".join(lines).encode()


def timed(act):
    started = time.monotonic()
    act()
    return time.monotonic() - started


def resident(server):
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) << 10


class peak_of:
    """The most memory that the server holds meanwhile."""

    def __init__(self, server):
        self.server, self.bytes, self.over = server, 0, threading.Event()

    def __enter__(self):
        self.watch = threading.Thread(target=self.look)
        self.watch.start()
        return self

    def look(self):
        while not self.over.wait(0.05):
            self.bytes = max(self.bytes, resident(self.server))

    def __exit__(self, *_):
        self.over.set()
        self.watch.join()
