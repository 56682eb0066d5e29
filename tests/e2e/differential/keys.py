"""Key pairs and certificates, made once for all cases."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, traditional: bool = False) -> str:
    shape = (serialization.PrivateFormat.TraditionalOpenSSL if traditional
             else serialization.PrivateFormat.PKCS8)
    return key.private_bytes(serialization.Encoding.PEM, shape,
                             serialization.NoEncryption()).decode()


def certificate(name: str, key: rsa.RSAPrivateKey, issuer: str | None = None,
                issuer_key: rsa.RSAPrivateKey | None = None) -> bytes:
    """PEM. Without an issuer it signs itself and may sign others."""
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (x509.CertificateBuilder()
            .subject_name(named(name)).issuer_name(named(issuer or name))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=24))
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None),
                           critical=True)
            .sign(issuer_key or key, hashes.SHA256()))
    return made.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Keys:
    accounts: tuple[rsa.RSAPrivateKey, ...]
    small: rsa.RSAPrivateKey
    curve: ec.EllipticCurvePrivateKey
    authority: Path       # trusted by both sides, signs all certificates here
    server: Path          # certificate and key
    client: Path
    client_key: Path


def make_keys(directory: Path) -> Keys:
    one, other, server = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    authority = certificate("authority", one)
    files = {"authority.pem": authority,
             "server.pem": (certificate("server", server, "authority", one) +
                            pem(server).encode()),
             "client.pem": certificate("client", other, "authority", one),
             "client-key.pem": pem(other).encode()}
    for name, content in files.items():
        (directory / name).write_bytes(content)
    return Keys((one, other), rsa.generate_private_key(65537, 1024),
                ec.generate_private_key(ec.SECP256R1()), *(directory / name for name in files))
