"""Makes a store with many small texts in it, faster than the daemon takes them.

Blobs are sealed as Storage/README.md says. Rows are copies of those that the daemon made of one child and one text,
so that they are like its own; the journal's chain goes on from its own. Nothing is left in the outbox, and the
blobs count as verified now: the daemon is to find nothing to do.
"""
import hashlib
import multiprocessing
import os
import sqlite3
import sys
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from servers import ROOT

sys.path.append(os.path.join(ROOT, "Storage"))
from open_blob import BEGINNING, store_keys

CHILDREN, TEXT, APART = 500, 1024, 60_000


def text(index):
    """The bytes of a seeded blob."""
    return hashlib.shake_128(index.to_bytes(8, "big")).hexdigest(TEXT // 2).encode()


def digest(index):
    return hashlib.sha256(text(index)).hexdigest()


def identifier(instant, kind, index):
    """A UUID of version 7 of the milliseconds since 1970."""
    rest = hashlib.sha256(b"%d %d" % (kind, index)).hexdigest()
    digits = f"{instant:012x}7{rest[:3]}8{rest[3:18]}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def seal(cipher, plain, context):
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, plain, context)


def sealed_file(store_key_name, store_cipher, plain):
    """The bytes of a sealed file of one segment."""
    data_key = os.urandom(32)
    beginning = BEGINNING + store_key_name
    header = beginning + seal(store_cipher, data_key, beginning) + bytes(4)
    cipher = AESGCM(data_key)
    end = len(plain).to_bytes(8, "big") + hashlib.sha256(plain).digest()
    return (header + seal(cipher, plain, header + b"\0" + bytes(8))
            + seal(cipher, end, header + b"\2" + (1).to_bytes(8, "big")))


def blob_path(storage, name):
    return os.path.join(storage, "blobs/sha256", name[:2], name[2:4], name)


def write_blobs(storage, name, key, indexes):
    cipher = AESGCM(key)
    folders = set()
    for index in indexes:
        plain = text(index)
        path = blob_path(storage, hashlib.sha256(plain).hexdigest())
        folder = os.path.dirname(path)
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)
            folders.add(folder)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
            file.write(sealed_file(name, cipher, plain))


def current_key(storage):
    """Name and bytes of a store key; a new store has one."""
    with open(os.path.join(storage, "keys/root.key")) as file:
        root = bytes.fromhex(file.read().strip())
    (name, key), = store_keys(root, storage)
    return bytes.fromhex(name), key


def seed_blobs(storage, count):
    name, key = current_key(storage)
    processes = os.cpu_count()
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=write_blobs, args=(storage, name, key, range(part, count, processes)))
        for part in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode != 0:
            sys.exit("the blobs could not be written")


class Index:
    """The index of a store that no daemon uses."""

    def __init__(self, storage):
        self.database = sqlite3.connect(os.path.join(storage, "index.sqlite"), isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute("PRAGMA cache_size = -2000000")

    def template(self, query):
        return dict(self.database.execute(query).fetchone())

    def insert(self, table, template, rows):
        """Inserts copies of a row, each with other values for some columns."""
        columns = ", ".join(template)
        values = ", ".join(f":{column}" for column in template)
        self.database.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({values})", ({**template, **row} for row in rows))

    def seed(self, count):
        """Adds the rows of so many texts; answers the addresses of their artefacts."""
        triggers = [sql for sql, in self.database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        names = [name for name, in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        self.database.execute("BEGIN")
        for name in names:
            self.database.execute(f"DROP TRIGGER {name}")
        artefacts = self.seed_rows(count)
        for sql in triggers:
            self.database.execute(sql)
        self.database.execute("DELETE FROM outbox")
        self.database.execute("UPDATE written SET journal = (SELECT max(sequence) FROM journal)")
        self.database.execute("COMMIT")
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.close()
        return [f"/v1/artefacts/{artefact}/content" for artefact in artefacts]

    def seed_rows(self, count):
        now = int(time.time() * 1000)
        instants = range(now - count * APART, now, APART)
        children = [identifier(instants[0], 0, index) for index in range(CHILDREN)]
        artefacts = [identifier(instant, 1, index) for index, instant in enumerate(instants)]
        self.seed_children(children, instants[0])
        self.seed_artefacts(artefacts, instants, now)
        self.seed_entries(children, artefacts, instants)
        self.seed_journal(children, artefacts, instants)
        return artefacts

    def seed_children(self, children, instant):
        self.insert("children", self.template("SELECT * FROM children"), (
            {"id": child, "preferredName": f"Child {index}", "foldedName": f"child {index}", "createdAt": instant}
            for index, child in enumerate(children)))

    def seed_artefacts(self, artefacts, instants, now):
        digests = [f"sha256:{digest(index)}" for index in range(len(artefacts))]
        self.insert("blobs", self.template("SELECT * FROM blobs"), (
            {"digest": name, "size": TEXT, "storedAt": instant, "verifiedAt": now}
            for name, instant in zip(digests, instants)))
        self.insert("artefacts", self.template("SELECT * FROM artefacts"), (
            {"id": artefact, "upload": f"{index:032x}", "digest": name, "receivedAt": instant, "capturedAt": instant}
            for index, (artefact, name, instant) in enumerate(zip(artefacts, digests, instants))))

    def seed_entries(self, children, artefacts, instants):
        self.insert("entries", self.template("SELECT * FROM entries"), (
            {"id": identifier(instant, 2, index), "child": children[index % CHILDREN], "artefact": artefact,
             "happenedAt": instant, "createdAt": instant}
            for index, (artefact, instant) in enumerate(zip(artefacts, instants))))

    def seed_journal(self, children, artefacts, instants):
        template = self.template("SELECT * FROM journal WHERE act = 'artefactLinked'")
        last = self.template("SELECT sequence, digest FROM journal ORDER BY sequence DESC LIMIT 1")

        def rows():
            sequence, previous = last["sequence"], last["digest"]
            for index, (artefact, instant) in enumerate(zip(artefacts, instants)):
                sequence += 1
                row = {"sequence": sequence, "at": instant, "subject": artefact,
                       "child": children[index % CHILDREN], "previous": previous}
                row["digest"] = previous = chained({**template, **row})
                yield row

        self.insert("journal", template, rows())


def chained(record):
    """The digest of a record of the journal."""
    hashed = hashlib.sha256(bytes.fromhex(record["previous"].removeprefix("sha256:")))
    hashed.update(record["sequence"].to_bytes(8, "big") + record["at"].to_bytes(8, "big"))
    for column in ("actor", "act", "subject", "child"):
        value = record[column].encode()
        hashed.update(len(value).to_bytes(4, "big") + value)
    return f"sha256:{hashed.hexdigest()}"


def seed(storage, count):
    """Adds so many texts to a store in which are one child and one text, and that no daemon uses.

    Answers the addresses of their contents; the bytes of the one at `index` are `text(index)`.
    """
    seed_blobs(storage, count)
    addresses = Index(storage).seed(count)
    os.sync()
    return addresses
