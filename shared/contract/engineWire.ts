/** Between a host and its engine's process. A host resolves path tokens and kept keys; a screen never sends either. */
import { z } from 'zod'
import { notificationKinds } from './settings.ts'
import { faultOnWire, reply } from './wire.ts'

const callId = z.number().int().nonnegative()
const keys = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().nullable() })
export type WireKeys = z.infer<typeof keys>

/** What the engine does when its host is gone without a word. go-on: what runs ends first, then the engine. */
const whenAlone = z.enum(['stop', 'go-on'])

export const toEngine = z.discriminatedUnion('kind', [
  /** First of all. `home`: where the list of migrations and new ones lie. `open`: what was open before the engine ended, to be gone on with. */
  z.strictObject({ kind: z.literal('begin'), home: z.string(), open: z.string().nullable(), whenAlone: whenAlone.default('stop') }),
  z.strictObject({
    kind: z.literal('call'),
    id: callId,
    name: z.string(),
    input: z.unknown(),
    /** Path of every token in the input. */
    paths: z.record(z.string(), z.string()),
    /** Keys of every kept name in the input. */
    keys: z.record(z.string(), keys),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: callId }),
  /** The answer to keys-wanted. `null`: the secret store has none of this name. */
  z.strictObject({ kind: z.literal('keys'), ask: callId, keys: keys.nullable() }),
  /** With one MessagePort of a window: snapshots go straight there, as topics of shared/contract/wire.ts. */
  z.strictObject({ kind: z.literal('port') }),
  z.strictObject({ kind: z.literal('when-alone'), whenAlone }),
  /** Stops every work cleanly, closes the journal, ends. */
  z.strictObject({ kind: z.literal('end') }),
])
/** As the engine reads it; a host may leave out what has a default. */
export type ToEngine = z.input<typeof toEngine>

/** For a notification, the tray or the flash bar. Words are the host's; no names or paths. */
export const notice = z.strictObject({
  kind: z.enum(notificationKinds),
  at: z.number(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Notice = z.infer<typeof notice>

export const fromEngine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), pid: z.number() }),
  z.strictObject({ kind: z.literal('reply'), id: callId, reply }),
  /** A snapshot of shared/contract/snapshot.ts, whole. */
  z.strictObject({ kind: z.literal('snapshot'), snapshot: z.unknown() }),
  z.strictObject({ kind: z.literal('notice'), notice }),
  /** Which migration is open, by its id, and its folder: for the next engine should this one end, and for the host's own files. */
  z.strictObject({
    kind: z.literal('opened'),
    open: z.string().nullable(),
    folder: z.string().nullable(),
    /** Why what `begin` named could not be opened. */
    fault: faultOnWire.nullable().default(null),
  }),
  /** The migration that is being opened was made with keys of the secret store, by this name. Answered by `keys` within 30 s. */
  z.strictObject({ kind: z.literal('keys-wanted'), ask: callId, name: z.string() }),
])
export type FromEngine = z.input<typeof fromEngine>
