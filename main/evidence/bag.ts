/**
 * Makes a folder of evidence a BagIt bag (RFC 8493) and signs it: what lies in data/ stands in manifest-sha256.txt, that and the other tag files in
 * tagmanifest-sha256.txt, and over that goes an Ed25519 signature (RFC 8032). So one signature speaks for every byte of the bundle.
 */
import { open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EvidenceSummary } from '../../shared/contract/report.ts'
import { createFileSink, diskFault, type WrittenFile } from './fileSink.ts'
import { howToCheck } from './howToCheck.ts'
import type { Signer } from './signer.ts'

export const payloadFolder = 'data'
/** Where in a bundle the page for people is. */
export const reportFile = join(payloadFolder, 'report.html')
export const payloadManifest = 'manifest-sha256.txt'
export const tagManifest = 'tagmanifest-sha256.txt'
export const signatureFile = `${tagManifest}.sig`

/** Beside this module, in the source and in what is built of it. */
const verifier = resolve(import.meta.dirname, 'verify-evidence.mjs')

/**
 * Adds the tag files to `written`.
 * @param written the payload, by names that begin with data/
 * @returns the tag manifest
 * @throws Fault disk-full.
 */
export async function sealBag(folder: string, written: WrittenFile[], summary: EvidenceSummary, signer: Signer): Promise<WrittenFile> {
  const payload = [...written]
  const tags: readonly (readonly [string, string])[] = [
    ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'],
    ['bag-info.txt', bagInfo(payload, summary)],
    [payloadManifest, manifestOf(payload)],
    ['signing-key.pem', signer.publicKey],
    ['HOW-TO-CHECK.txt', howToCheck(summary)],
    ['verify-evidence.mjs', await readFile(verifier, 'utf8')],
  ]
  const listed: WrittenFile[] = []
  for (const [name, text] of tags) listed.push(await writeText(folder, name, text))
  const manifest = manifestOf(listed)
  const root = await writeText(folder, tagManifest, manifest)
  written.push(...listed, root)
  await writeSignature(join(folder, signatureFile), signer.sign(Buffer.from(manifest, 'utf8')))
  return root
}

function manifestOf(files: readonly WrittenFile[]): string {
  return files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ sha256, name }) => `${sha256}  ${name}\n`)
    .join('')
}

/** Names of RFC 8493, 2.2.2, and our own for what is not among them. */
function bagInfo(payload: readonly WrittenFile[], summary: EvidenceSummary): string {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0)
  const lines: readonly (readonly [string, string])[] = [
    ['Bag-Software-Agent', 'Firn'],
    ['Bagging-Date', summary.madeAt.slice(0, 10)],
    ['External-Identifier', summary.migration.id],
    ['Internal-Sender-Identifier', summary.bundle],
    // A label is one line; whatever stands in a name stays a name.
    ['Internal-Sender-Description', `Evidence of the migration ${summary.migration.name.replaceAll(/\p{Cc}+/gu, ' ')}`],
    ['Payload-Oxum', `${bytes}.${payload.length}`],
    ['Firn-Content-Fingerprint', summary.contentFingerprint],
    ['Firn-Event-Log-Entries', String(summary.chain.entries)],
    ['Firn-Event-Log-Head', summary.chain.head ?? 'none'],
    ['Firn-Signing-Key-SHA256', summary.signedBy ?? 'none'],
  ]
  return lines.map(([label, value]) => `${label}: ${value}\n`).join('')
}

async function writeText(folder: string, name: string, text: string): Promise<WrittenFile> {
  const sink = await createFileSink(folder, name)
  try {
    await sink.write(text)
    return await sink.close()
  } finally {
    await sink.abandon()
  }
}

/** The 64 bytes as they are, which OpenSSL takes. */
async function writeSignature(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    throw diskFault(error)
  } finally {
    await handle.close()
  }
}
