/** Between a host and its engine's process. A host resolves path tokens and kept keys; a screen never sends either. */
import { z } from 'zod'
import { notificationKinds } from './settings.ts'
import { reply } from './wire.ts'

const callId = z.number().int().nonnegative()

export const toEngine = z.discriminatedUnion('kind', [
  /** First of all. `home`: where the list of migrations and new ones lie. `open`: what was open before the engine ended, to be gone on with. */
  z.strictObject({ kind: z.literal('begin'), home: z.string(), open: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('call'),
    id: callId,
    name: z.string(),
    input: z.unknown(),
    /** Path of every token in the input. */
    paths: z.record(z.string(), z.string()),
    /** Keys of every kept name in the input. */
    keys: z.record(
      z.string(),
      z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().nullable() }),
    ),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: callId }),
  /** Stops every work cleanly, closes the journal, ends. */
  z.strictObject({ kind: z.literal('end') }),
])
export type ToEngine = z.infer<typeof toEngine>

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
  z.strictObject({ kind: z.literal('opened'), open: z.string().nullable(), folder: z.string().nullable() }),
])
export type FromEngine = z.infer<typeof fromEngine>
