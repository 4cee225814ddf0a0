/** What the tests of failures share: a small archive, a migration brought to a certain step, the steps with one port changed, and disks that can be filled. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { awaitDevices } from '../../main/engine/awaitDevices.ts'
import { compose, type Wiring } from '../../main/engine/compose.ts'
import { lookInto, openMigration } from '../../main/engine/migrationFolder.ts'
import type { Watch, Work } from '../../main/engine/steps.ts'
import { generateArchive } from '../../main/sandbox/archive/generate.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import { wordsFor, Fault, isFault } from '../../shared/faults/fault.ts'
import type { Source } from '../../shared/ports/source.ts'
import { firn, summaryOf, type Ended } from '../kit/firn.ts'

/** Of the synthetic archive of 60 instances about two thirds of the bytes are older than this. */
export const deviceBefore = '20150401'

export async function smallArchive(folder: string, instances = 60): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const making = generateArchive(folder, { instances, seed: '1' })
  while ((await making.next()).done !== true);
  return folder
}

/** Runs a command that must succeed. */
export async function done(...args: readonly string[]): Promise<Record<string, unknown>> {
  const ended = await firn([...args, '--json', '--quiet'])
  expect(ended.exitCode, `firn ${args.join(' ')}\n${ended.stderr}`).toBe(0)
  const summary = summaryOf(ended)
  expect(summary).toMatchObject({ command: args[0], ok: true, exitCode: 0 })
  return summary
}

/** Runs a command that must fail with this fault: in words, in JSON and by exit code. */
export async function refused(
  code: FaultCode,
  exitCode: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Record<string, unknown>> {
  const ended = await firn([...args, '--json', '--quiet'], { env })
  return failedWith(ended, code, exitCode)
}

/** The three sentences for a person, the same in JSON, and the facts. */
export function failedWith(ended: Ended, code: FaultCode, exitCode: number): Record<string, unknown> {
  expect(ended.stderr).toContain(`[${code}]`)
  const words = wordsFor(new Fault(code))
  expect(ended.stderr).toContain(`firn: ${words.happened}`)
  expect(ended.stderr).toContain(`Data: ${words.safe}`)
  expect(ended.stderr).toContain(`Next: ${words.todo}`)
  const summary = summaryOf(ended)
  const { happened, safe, todo } = words
  expect(summary).toMatchObject({ ok: false, exitCode, fault: { code, happened, safe, todo } })
  expect(ended.exitCode).toBe(exitCode)
  return (summary['fault'] as { facts: Record<string, unknown> }).facts
}

/** A rehearsal of this archive whose plan is approved. */
export async function planned(folder: string, archive: string): Promise<string> {
  await done('init', folder, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal')
  await done('scan', '-m', folder)
  await done('plan', '-m', folder, '--device-before', deviceBefore, '--approve', 'Ada Lovelace')
  return folder
}

/** The same, with the device on site. */
export async function onSite(folder: string, archive: string): Promise<string> {
  await planned(folder, archive)
  await done('order', '-m', folder, '--person', 'Ada Lovelace')
  await done('track', '-m', folder, '--wait')
  return folder
}

/** A copy of a migration that nobody has open: the next test starts from the same state. */
export function copyOf(migration: string, folder: string): string {
  cpSync(migration, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  return folder
}

const silent: Watch = async (stage) => {
  for await (const event of stage) if (event.kind === 'finished') return event.outcome
  throw new Error('a stage ends with its outcome or a fault')
}

/** Opens the migration as the command line does and takes a step with some of what it talks to changed. */
export async function stepWith<Result>(
  folder: string,
  changed: (wiring: Wiring) => Partial<Wiring>,
  step: (work: Work) => Promise<Result>,
): Promise<Result> {
  const migration = openMigration(folder, process.env)
  let wiring: Wiring | undefined
  try {
    wiring = await compose(migration)
    return await step({ migration, wiring: { ...wiring, ...changed(wiring) }, watch: silent, signal: new AbortController().signal })
  } finally {
    await wiring?.close()
    migration.close()
  }
}

export function devicesOnSite(work: Work): Promise<unknown> {
  return awaitDevices(work, { seen: () => undefined, trouble: () => undefined })
}

/** The source, with something happening before its nth listing or read. */
export function afterCalls(source: Source, nth: number, happens: () => void): Source {
  let calls = 0
  const count = (): void => {
    calls += 1
    if (calls === nth) happens()
  }
  return {
    ...source,
    listFolder(...input) {
      count()
      return source.listFolder(...input)
    },
    readWhole(...input) {
      count()
      return source.readWhole(...input)
    },
  }
}

export function firstOf<One>(all: readonly One[]): One {
  const [first] = all
  if (first === undefined) throw new Error('there is none')
  return first
}

export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('it went well')
}

/** What the journal says, read beside whoever works. */
export function journalOf<Result>(folder: string, look: (journal: ReturnType<typeof lookInto>['journal']) => Result): Result {
  const { journal } = lookInto(folder)
  try {
    return look(journal)
  } finally {
    journal.close()
  }
}

/** What every file below a folder holds, but not when it was touched. Shared memory of SQLite, and a log of it that is empty, are no record of anything. */
export function contentsOf(folder: string): ReadonlyMap<string, string> {
  const contents = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || entry.name.endsWith('.db-shm')) continue
    const bytes = readFileSync(path)
    if (bytes.length === 0 && entry.name.endsWith('.db-wal')) continue
    contents.set(path, createHash('sha256').update(bytes).digest('hex'))
  }
  return contents
}

export function expectWholeChain(folder: string): void {
  expect(journalOf(folder, (journal) => journal.checkChain())).toMatchObject({ whole: true })
}

/** Why this process cannot mount a disk of its own; `undefined`: it can. */
export function mountRefused(scratchFolder: string): string | undefined {
  if (process.platform !== 'linux') return 'small disks are made with tmpfs, which only Linux has'
  const probe = join(scratchFolder, 'probe')
  mkdirSync(probe, { recursive: true })
  const tried = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'firn-probe', probe], { encoding: 'utf8' })
  if (tried.status !== 0) return `this user may not mount a tmpfs (${(tried.stderr ?? 'mount is missing').trim()})`
  spawnSync('umount', [probe])
  return undefined
}

export type SmallDisk = { readonly folder: string; resize(kibibytes: number): void; remove(): void }

/** A disk of so many KiB at `folder`. What lies in the folder moves onto it. */
export function smallDisk(folder: string, kibibytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  const run = (command: string, ...args: string[]): void => {
    const ran = spawnSync(command, args, { encoding: 'utf8' })
    if (ran.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${ran.stderr}`)
  }
  const before = readdirSync(folder)
  const aside = `${folder}.aside`
  if (before.length > 0) cpSync(folder, aside, { recursive: true, preserveTimestamps: true })
  run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=700`, 'firn-test', folder)
  if (before.length > 0) cpSync(aside, folder, { recursive: true, preserveTimestamps: true })
  return {
    folder,
    resize: (to) => run('mount', '-o', `remount,size=${to}k`, folder),
    remove: () => run('umount', '-l', folder),
  }
}
