/** Signs the evidence of one migration (Ed25519, RFC 8032). */
export type Signer = {
  /** SHA-256 of the public key (SPKI, DER; RFC 8410), 64 hexadecimal digits. */
  readonly fingerprint: string
  /** SPKI in PEM. */
  readonly publicKey: string
  /** @returns 64 bytes, as `openssl pkeyutl -verify -rawin` takes them. */
  sign(bytes: Uint8Array): Uint8Array
}
