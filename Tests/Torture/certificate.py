"""A certificate for this machine, which the daemon shows and the clients trust."""
import os
import ssl
import subprocess


class Certificate:
    """Of 127.0.0.1 and localhost, signed by itself."""

    def __init__(self, folder):
        self.path, self.key = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
        subprocess.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", self.key, "-out", self.path], check=True, capture_output=True)
        # What clients connect with: nobody else's certificate is taken.
        self.trust = ssl.create_default_context(cafile=self.path)

    def settings(self):
        return {"KEEPSAKE_SERVER_CERTIFICATE": self.path, "KEEPSAKE_SERVER_PRIVATE_KEY": self.key}
