/** What the host tells of itself: its engine, its wallboard, and what it can do here. */
import { z } from 'zod'
import { settings } from './settings.ts'
import { count, time } from './calls/call.ts'

export const engineState = z.strictObject({
  state: z.enum(['starting', 'running', 'restarting', 'gave-up', 'stopped']),
  /** Since when it is in this state. */
  since: time,
  /** How often it was restarted after it ended by itself. */
  restarts: count,
  /** How it ended the last time: an exit code or a signal; `null`: it never did. */
  lastEnd: z.strictObject({ at: time, how: z.string() }).nullable(),
})
export type EngineState = z.infer<typeof engineState>

export const wallboardState = z.strictObject({
  state: z.enum(['off', 'starting', 'listening', 'failed']),
  /** Where it can be opened; without token. */
  url: z.string().nullable(),
  https: z.boolean(),
  viewers: count,
  /** Fault code when it failed. */
  fault: z.string().nullable(),
  pairings: z.array(z.strictObject({ id: z.string(), label: z.string(), createdAt: time, lastSeenAt: time.nullable() })),
})
export type WallboardState = z.infer<typeof wallboardState>

export const hostState = z.strictObject({
  host: z.enum(['desktop', 'console']),
  version: z.string(),
  /** native: the system's own dialog; browse: the list of folders that the host shows. */
  folderDialog: z.enum(['native', 'browse']),
  /** Console on the network without a certificate, because somebody insisted: shown in every view. */
  unencrypted: z.boolean().optional(),
  /** Whether AWS keys can be held by the secret store of the operating system. */
  secretStore: z.boolean(),
  engine: engineState,
  wallboard: wallboardState,
  settings,
  /** Fields of settings.json that could not be used. */
  settingsRefused: z.array(z.string()),
  update: z.strictObject({ state: z.enum(['off', 'none', 'available', 'ready', 'held-back', 'failed']), version: z.string().nullable() }),
})
export type HostState = z.infer<typeof hostState>
