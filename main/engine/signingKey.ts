/**
 * The Ed25519 key (RFC 8032) that signs the evidence of a migration. Its fingerprint stands in the event log from the day it was made, so that a bundle signed
 * by another key shows. A migration that is older than signing gets its key with the first bundle.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { Fault } from '../../shared/faults/fault.ts'
import type { EventLog } from '../../shared/ports/journal.ts'
import type { Signer } from '../evidence/signer.ts'
import { readSealedKey, writeSealedKey } from './sealedKey.ts'

export type SigningPlace = { readonly file: string; readonly passphrase: string | undefined; readonly journal: EventLog }

/** @throws Fault signing-key-missing when the log knows of a key and the file is not there or holds another; key-missing when it cannot be read. */
export function signingKey(place: SigningPlace): Signer {
  const known = knownKeys(place.journal)
  if (!existsSync(place.file)) {
    if (known.length > 0) throw new Fault('signing-key-missing', { problem: 'not there' })
    return makeKey(place)
  }
  const signer = signerOf(place)
  if (known.length === 0) place.journal.append('signing-key-made', { fingerprint: signer.fingerprint })
  else if (known.at(-1) !== signer.fingerprint) throw new Fault('signing-key-missing', { problem: 'another key' })
  return signer
}

/** In place of one that is lost. The old file, if any, stays beside it: nothing is thrown away. */
export function newSigningKey(place: SigningPlace): Signer {
  if (existsSync(place.file)) {
    let number = 1
    while (existsSync(`${place.file}.${number}`)) number += 1
    renameSync(place.file, `${place.file}.${number}`)
  }
  return makeKey(place)
}

function makeKey(place: SigningPlace): Signer {
  const { privateKey } = generateKeyPairSync('ed25519')
  // The file before the entry: a crash between them leaves a key that is entered at the next look, never an entry without a key.
  writeSealedKey(place.file, privateKey.export({ type: 'pkcs8', format: 'der' }), place.passphrase)
  const signer = signerOf(place)
  place.journal.append('signing-key-made', { fingerprint: signer.fingerprint })
  return signer
}

function signerOf({ file, passphrase }: SigningPlace): Signer {
  const raw = readSealedKey(file, passphrase)
  try {
    const key = createPrivateKey({ key: Buffer.from(raw), format: 'der', type: 'pkcs8' })
    if (key.asymmetricKeyType !== 'ed25519') throw new Fault('key-missing')
    const publicKey = createPublicKey(key)
    return {
      fingerprint: createHash('sha256')
        .update(publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      sign: (bytes) => sign(null, bytes, key),
    }
  } catch (error) {
    throw new Fault('key-missing', {}, { cause: error })
  }
}

/** Oldest first. */
function knownKeys(journal: EventLog): readonly string[] {
  const known: string[] = []
  for (const event of journal.events()) {
    if (event.kind !== 'signing-key-made') continue
    const facts: unknown = JSON.parse(event.body)
    if (typeof facts === 'object' && facts !== null && 'fingerprint' in facts && typeof facts.fingerprint === 'string')
      known.push(facts.fingerprint)
  }
  return known
}
