# SPDX-License-Identifier: Apache-2.0
"""The programs of a pool, each on its host: they can be killed, frozen and started again."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

LONGEST_START = 30
LONGEST_STOP = 30


def require_program(name, *places):
    found = [str(path) for place in places for path in sorted(pathlib.Path("/").glob(place.lstrip("/")))]
    path = found[-1] if found else shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"there is no {name}")
    return path


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False, timeout=120, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Part:
    """One program. What it says goes to the end of a file."""

    def __init__(self, name, host, folder, words, ready=None, user=None):
        self.name = name
        self.host = host
        self.log = folder / f"{name}.log"
        as_user = ("--reuid", user, "--regid", user, "--clear-groups") if user else ()
        self.words = host.words(*as_user, "--", *words)
        self.is_ready = ready or (lambda: True)
        self.process = None
        self.wanted = False  # to run; what ends in spite of it is started again
        self.excused = False  # we ended it
        self.was_ready = False
        self.frozen = False

    def __repr__(self):
        return self.name

    def start(self):
        self.wanted, self.excused, self.was_ready, self.frozen = True, False, False, False
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait_until_ready(self):
        end = time.monotonic() + LONGEST_START
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start: {self.tail()}")
            time.sleep(0.02)

    def ready(self):
        self.was_ready = self.was_ready or (self.process.poll() is None and self.is_ready())
        return self.was_ready

    def family(self):
        return [self.process.pid] if self.process and self.process.poll() is None else []

    def signal(self, number):
        for pid in self.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        """As if the power went; it stays down until it is started."""
        self.wanted, self.excused = False, True
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def stop(self):
        """In order; it has a while for it."""
        self.wanted, self.excused = False, True
        self.signal(signal.SIGTERM)

    def freeze(self):
        self.frozen = True
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.frozen = False
        self.signal(signal.SIGCONT)

    def tail(self):
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-15:])


class Postgres(Part):
    def __init__(self, host, folder, network, tls=None):
        """`tls`: its certificate and key are TLS.pem and TLS.key; without, it has none."""
        self.programs = pathlib.Path(require_program("initdb", "/usr/lib/postgresql/*/bin/initdb")).parent
        account = "postgres" if os.geteuid() == 0 else None
        owner = pwd.getpwnam("postgres")
        self.data = folder / "postgres"
        self.data.mkdir()
        os.chown(self.data, owner.pw_uid, owner.pw_gid)
        self.password = os.urandom(16).hex()
        secret = self.data / "password"
        secret.write_text(self.password, encoding="utf-8")
        os.chown(secret, owner.pw_uid, owner.pw_gid)
        store = self.data / "data"
        settings = (*(self._tls_settings(tls, owner) if tls else ()), "listen_addresses=*", f"unix_socket_directories={self.data}", "max_connections=100")
        words = [self.programs / "postgres", "-D", store, *(w for s in settings for w in ("-c", s))]
        super().__init__("postgres", host, folder, words, ready=self.answers, user=account)
        init = ("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--no-locale", "--username=postgres")
        as_owner = ("--reuid", account, "--regid", account, "--clear-groups") if account else ()
        run(*host.words(*as_owner, "--", self.programs / "initdb", "-D", store, *init))
        with open(store / "pg_hba.conf", "a", encoding="utf-8") as rules:
            rules.write(f"host all all {network}0/24 scram-sha-256\n")

    def _tls_settings(self, tls, owner):
        for end in ("pem", "key"):
            own = self.data / f"server.{end}"
            shutil.copyfile(f"{tls}.{end}", own)
            own.chmod(0o600)
            os.chown(own, owner.pw_uid, owner.pw_gid)
        return "ssl=on", f"ssl_cert_file={self.data}/server.pem", f"ssl_key_file={self.data}/server.key"

    def answers(self):
        """It writes "ready" into this file when it takes connections."""
        with contextlib.suppress(OSError):
            text = (self.data / "data/postmaster.pid").read_text(encoding="utf-8")
            return text.startswith(f"{self.process.pid}\n") and "\nready" in text
        return False

    def family(self):
        """All that runs on the host of the database is the database's."""
        return self.host.pids()

    def kill(self):
        self.signal(signal.SIGSTOP)  # it starts no more of them
        super().kill()

    def sql(self, text, database="pchat"):
        url = f"postgresql://postgres@127.0.0.1/{database}"
        words = self.host.words("--", "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url)
        return run(*words, input=text, env={**os.environ, "PGPASSWORD": self.password})


class Authority:
    """Certificates of one authority, in files NAME.pem and NAME.key."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "authority.pem"
        self._make("authority", "-addext", "basicConstraints=critical,CA:true")

    def issue(self, name, *names):
        signed = ("-CA", self.file, "-CAkey", self.folder / "authority.key")
        self._make(name, *signed, "-addext", "subjectAltName=" + ",".join(names))

    def _make(self, name, *more):
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}.key")
        run("openssl", "req", "-x509", "-days", "3", "-subj", f"/CN={name}", *key, *more,
            "-out", self.folder / f"{name}.pem")  # fmt: skip
