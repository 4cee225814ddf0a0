/** Between a host and its wallboard's process, which knows figures, hashes of tokens and a certificate's place: no journal, no AWS, no keys of AWS. */
import { z } from 'zod'
import { wallboardFigures } from './wallboard.ts'
import { count, time } from './calls/call.ts'

/** SHA-256 in hex. */
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const pairing = z.strictObject({
  id: z.string().max(64),
  label: z.string().max(60),
  createdAt: time,
  lastSeenAt: time.nullable(),
  /** Of the token in its link, and of the one that a typed code was exchanged for. The tokens themselves are kept by the screens only. */
  tokens: z.array(hash).min(1).max(2),
})
export type Pairing = z.infer<typeof pairing>

export const toWallboard = z.discriminatedUnion('kind', [
  /** First of all, once. `page`: folder of the built screens. */
  z.strictObject({
    kind: z.literal('begin'),
    address: z.string(),
    port: z.number().int(),
    page: z.string(),
    tls: z.strictObject({ certificateFile: z.string(), keyFile: z.string() }).nullable(),
    pairings: z.array(pairing),
  }),
  z.strictObject({ kind: z.literal('figures'), figures: wallboardFigures }),
  /** All pairings there are now: who is not among them is sent away at once. */
  z.strictObject({ kind: z.literal('pairings'), pairings: z.array(pairing) }),
  /** A code that may be typed once until `endsAt`. */
  z.strictObject({ kind: z.literal('code'), pairingId: z.string(), code: hash, endsAt: time }),
  z.strictObject({ kind: z.literal('end') }),
])
export type ToWallboard = z.infer<typeof toWallboard>

export const fromWallboard = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('listening'), port: z.number().int() }),
  /** A fault's code and its facts; the process ends after it. */
  z.strictObject({
    kind: z.literal('failed'),
    code: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.strictObject({ kind: z.literal('viewers'), viewers: count }),
  z.strictObject({ kind: z.literal('seen'), pairingId: z.string(), at: time }),
  z.strictObject({ kind: z.literal('paired'), pairingId: z.string(), token: hash }),
])
export type FromWallboard = z.infer<typeof fromWallboard>
