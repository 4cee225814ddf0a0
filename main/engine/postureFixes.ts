/**
 * Changes a bucket's settings where a check failed, and takes changes back. What was there is on the disk before anything is written; nothing is written over what
 * somebody changed meanwhile; and what was written is read back.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { sameSetting, settingNames, type SettingName, type SettingText } from '../../shared/domain/bucketSettings.ts'
import { checkNames, type CheckName } from '../../shared/domain/posture.ts'
import { fixFor, settingOf, type FixChoices } from '../../shared/domain/postureFix.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Wiring } from './compose.ts'
import { syncFolder } from '../evidence/syncFolder.ts'
import { writeKept } from './keptFile.ts'
import type { OpenMigration } from './migrationFolder.ts'

type Work = {
  readonly migration: Pick<OpenMigration, 'journal' | 'world' | 'files' | 'config'>
  readonly wiring: Pick<Wiring, 'bucketSettings'>
  readonly signal: AbortSignal
}

export type SettingChange = {
  readonly setting: SettingName
  readonly checks: readonly CheckName[]
  readonly from: SettingText
  readonly to: SettingText
}
/** `why`: what a person must say first, or why no program should do it. */
export type NotFixed = { readonly check: CheckName; readonly why: string }

const savedForm = z.strictObject({
  format: z.literal('firn-bucket-settings'),
  version: z.literal(1),
  bucket: z.string(),
  savedAt: z.iso.datetime(),
  person: z.string(),
  changes: z.array(
    z.strictObject({
      setting: z.enum(settingNames),
      checks: z.array(z.enum(checkNames)),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
  ),
})
export type SavedSettings = z.infer<typeof savedForm>

/** Settings of buckets are consistent only after a while (Amazon S3 User Guide, data consistency model). In milliseconds. */
const pauses = [500, 1000, 2000, 4000, 8000, 'last'] as const

/** The policy last: it alone can turn away whoever makes the other changes. */
const order: readonly SettingName[] = ['versioning', 'publicAccessBlock', 'ownership', 'encryption', 'logging', 'lifecycle', 'policy']

/** Changes nothing. @throws Fault bucket-missing, aws-denied naming the permission to look. */
export async function planFixes(
  { wiring, signal }: Work,
  bucket: string,
  checks: readonly CheckName[],
  choices: FixChoices,
): Promise<{ readonly changes: readonly SettingChange[]; readonly notFixed: readonly NotFixed[] }> {
  const changes = new Map<SettingName, SettingChange>()
  const notFixed: NotFixed[] = []
  for (const check of checks) {
    const setting = settingOf[check]
    const before = setting === undefined ? undefined : (changes.get(setting) ?? (await unchanged(wiring, bucket, setting, signal)))
    const fix = fixFor(check, before?.to ?? null, bucket, choices)
    if ('needs' in fix) notFixed.push({ check, why: `say first: ${fix.needs}` })
    else if ('not' in fix) notFixed.push({ check, why: fix.not })
    else if (before !== undefined) changes.set(fix.setting, { ...before, checks: [...before.checks, check], to: fix.to })
  }
  const all = order.flatMap((setting) => changes.get(setting) ?? [])
  return { changes: all.filter(({ from, to }) => !sameSetting(from, to)), notFixed }
}

async function unchanged(wiring: Work['wiring'], bucket: string, setting: SettingName, signal: AbortSignal): Promise<SettingChange> {
  const from = await wiring.bucketSettings.read(bucket, setting, signal)
  return { setting, checks: [], from, to: from }
}

/**
 * @returns the file of what was there before, for `undoFixes`
 * @throws Fault setting-changed, setting-not-kept, aws-denied naming the permission, aws-refused. What was changed until then stays, and is in the file.
 */
export async function applyFixes(work: Work, bucket: string, changes: readonly SettingChange[], person: string): Promise<string> {
  const { files, world } = work.migration
  const savedAt = new Date(world.clock.now()).toISOString()
  mkdirSync(files.posture, { recursive: true, mode: 0o700 })
  const file = newName(files.posture, `${bucket}-${savedAt.replaceAll(/:|\.\d+/g, '')}`)
  const saved: SavedSettings = {
    format: 'firn-bucket-settings',
    version: 1,
    bucket,
    savedAt,
    person,
    changes: changes.map((one) => ({ ...one, checks: [...one.checks] })),
  }
  writeKept(file, saved)
  // The file's name too: without it nobody finds what was there before.
  await syncFolder(files.posture)
  await syncFolder(dirname(files.posture))
  for (const change of changes) await make(work, bucket, change, person, file)
  return file
}

/**
 * Puts back what the file says was there, last change first. What cannot be taken back is told and left.
 * @throws Fault bad-input, setting-changed when somebody has changed a setting since, before anything is put back.
 */
export async function undoFixes(
  work: Work,
  bucket: string,
  file: string,
  person: string,
): Promise<{ readonly undone: readonly SettingChange[]; readonly stays: readonly SettingName[] }> {
  const saved = await readSaved(file)
  if (saved.bucket !== bucket) throw new Fault('bad-input', { field: 'undo', problem: 'the file is of another bucket' })
  const { bucketSettings } = work.wiring
  const undoing: SettingChange[] = []
  const stays: SettingName[] = []
  for (const change of saved.changes.toReversed()) {
    const now = await bucketSettings.read(bucket, change.setting, work.signal)
    // Never written, because the work ended before it, or put back already.
    if (sameSetting(now, change.from)) continue
    if (!sameSetting(now, change.to)) throw new Fault('setting-changed', { bucket, setting: change.setting })
    if (change.setting === 'versioning' && change.from === null) stays.push(change.setting)
    else undoing.push({ ...change, from: change.to, to: change.from })
  }
  for (const change of undoing) await make(work, bucket, change, person, file)
  return { undone: undoing, stays }
}

async function make(work: Work, bucket: string, { setting, from, to }: SettingChange, person: string, file: string): Promise<void> {
  const { migration, wiring, signal } = work
  const { bucketSettings } = wiring
  if (!sameSetting(await bucketSettings.read(bucket, setting, signal), from)) throw new Fault('setting-changed', { bucket, setting })
  const facts = { bucket, setting, person, from: digestOf(from), to: digestOf(to) }
  migration.journal.append('bucket-change-intended', facts)
  await bucketSettings.write(bucket, setting, to, signal)
  for (const pause of pauses) {
    if (sameSetting(await bucketSettings.read(bucket, setting, signal), to)) break
    if (pause === 'last') throw new Fault('setting-not-kept', { bucket, setting, file })
    await migration.world.clock.sleep(pause, signal)
  }
  migration.journal.append('bucket-changed', facts)
}

async function readSaved(file: string): Promise<SavedSettings> {
  try {
    return savedForm.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (isFault(error)) throw error
    throw new Fault('bad-input', { field: 'undo', problem: 'is not a file of what was there before' }, { cause: error })
  }
}

/** A policy may name people and projects: the log holds its digest. */
function digestOf(text: SettingText): string {
  return text === null ? 'none' : createHash('sha256').update(text, 'utf8').digest('hex')
}

function newName(folder: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const file = join(folder, number === 1 ? `${name}.json` : `${name}-${number}.json`)
    if (!existsSync(file)) return file
  }
}
