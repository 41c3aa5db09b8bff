#!/usr/bin/env python3
"""Opens a sealed file of a Keepsake store without Keepsake.

    python3 open_blob.py ROOT_KEY_FILE STORE FILE > original

ROOT_KEY_FILE holds the root key as 64 hexadecimal digits; STORE is the folder
with keys/keyring.json; FILE is one of its blobs or records. Needs the package
"cryptography" alone. Storage/README.md says what the bytes mean.
"""
import hashlib
import json
import os
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEADER, SEGMENT, OVERHEAD, END, BEGINNING = 96, 1 << 16, 28, 68, b"KEEPSAKE\1\1\x10\0\0\0\0\0"


def unseal(key, sealed, context):
    """Nonce, ciphertext and tag to plain bytes; raises InvalidTag if one bit is another."""
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], context)


def name(key):
    return hashlib.sha256(key).hexdigest()[:32]


def store_keys(root, store):
    with open(os.path.join(store, "keys", "keyring.json")) as file:
        for key in json.load(file)["keys"]:
            for wrapped in key["wrapped"]:
                if wrapped["root"] == name(root):
                    context = b"Keepsake store key 1" + bytes.fromhex(key["id"])
                    yield key["id"], unseal(root, bytes.fromhex(wrapped["sealed"]), context)


def open_file(keys, path, output):
    with open(path, "rb") as file:
        header = file.read(HEADER)
        assert header[:16] == BEGINNING, "not a sealed file of version 1"
        data_key = unseal(keys[header[16:32].hex()], header[32:92], header[:32])
        body = os.path.getsize(path) - HEADER - END
        segments = -(-body // (SEGMENT + OVERHEAD))
        size, digest = body - segments * OVERHEAD, hashlib.sha256()
        for index in range(segments):
            sealed = file.read(min(SEGMENT, size - index * SEGMENT) + OVERHEAD)
            plain = unseal(data_key, sealed, header + b"\0" + index.to_bytes(8, "big"))
            digest.update(plain)
            output.write(plain)
        end = unseal(data_key, file.read(END), header + b"\2" + segments.to_bytes(8, "big"))
        assert end == size.to_bytes(8, "big") + digest.digest(), "the end does not fit the bytes"


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        root_key = bytes.fromhex(file.read().strip())
    open_file(dict(store_keys(root_key, sys.argv[2])), sys.argv[3], sys.stdout.buffer)
