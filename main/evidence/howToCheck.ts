/** HOW-TO-CHECK.txt: what anybody can check of a bundle by tools of an operating system, without Firn and without its verify-evidence. */
import type { EvidenceSummary } from '../../shared/contract/report.ts'

export function howToCheck(summary: EvidenceSummary): string {
  return `How to check this bundle of evidence

Migration: ${summary.migration.id}
Bundle:    ${summary.bundle}
Signed by: ${summary.signedBy ?? 'nobody'}

Open a terminal in this folder. None of this changes anything. What stands below needs no Firn.


1. Is the key the right one?

     openssl pkey -pubin -in signing-key.pem -outform DER | sha256sum

   It must print the fingerprint of the key as it was noted when the migration was set up (the first entry "signing-key-made" of its event log, and the
   Evidence screen). Compare with what was noted elsewhere, not with this file: whoever replaces the whole bundle replaces this file too.

2. Does the signature hold? (OpenSSL 3.0 or later)

     openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig

   It must print "Signature Verified Successfully". The signature is Ed25519 (RFC 8032).

3. Are all files what was signed?

     sha256sum -c tagmanifest-sha256.txt          (macOS: shasum -a 256 -c ...)
     sha256sum -c manifest-sha256.txt

   Every line must end with OK. The folder is a BagIt 1.0 bag (RFC 8493); this also says if files were added:

     python3 -m bagit --validate .                (Debian: apt install python3-bagit)

4. Does the event log hold?

   Each line of data/events.ndjson is one entry. Its hash is the SHA-256 of sequence, at, kind, body and previous, with a line feed between them, and
   "previous" is the hash of the entry before. The last hash stands in bag-info.txt; a later log of the same migration must hold it too.

5. Does an object in S3 have the digest that is written here?

   Take any row of data/items.csv that is verified, and ask S3 for that version of the object:

     aws s3api head-object --bucket BUCKET --key KEY --version-id VERSION --checksum-mode ENABLED

   Its checksum must equal the column "actual". "expected" was computed from the bytes of the source as they were read.

6. Does a file at the source have the digest that is written here?

     sha256sum FILE

   must print sha256_hex of its row. data/items-with-paths.csv, if it is here, says which row that is.


All of it at once, with Node.js 20 or later (the program reads, and never writes; it is one file, made to be read):

     node verify-evidence.mjs --fingerprint SHA256-OF-THE-KEY
     node verify-evidence.mjs --source /path/of/the/archive
     node verify-evidence.mjs --listing listing.json      with: aws s3api list-object-versions --bucket BUCKET --prefix PREFIX > listing.json

Take the program from a place that you trust if you do not trust whoever gave you this folder: Firn's source holds it as main/evidence/verify-evidence.mjs.
`
}
