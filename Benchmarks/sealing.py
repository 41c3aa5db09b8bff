"""Seals files in memory, for benchmarks that ask a worker as the daemon does."""
import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seeding import BEGINNING, seal

SEGMENT = 1 << 16


def sealed_file(key, plain):
    """A sealed file in memory; its header names no key that anybody has, for the inspector gets the key itself."""
    header = BEGINNING + bytes(80)
    cipher = AESGCM(key)
    pieces = [plain[first:first + SEGMENT] for first in range(0, len(plain), SEGMENT)]
    end = len(plain).to_bytes(8, "big") + hashlib.sha256(plain).digest()
    descriptor = os.memfd_create("sealed")
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(header)
        for index, piece in enumerate(pieces):
            file.write(seal(cipher, piece, header + b"\0" + index.to_bytes(8, "big")))
        file.write(seal(cipher, end, header + b"\2" + len(pieces).to_bytes(8, "big")))
    return descriptor
