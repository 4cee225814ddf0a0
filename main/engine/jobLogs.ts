/** Logs of an import job, kept beside the migration: their addresses live for 60 minutes, and AWS keeps the logs themselves not for ever. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { jobLogKinds, type JobLogKind } from '../../shared/domain/jobLog.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { JobSnapshot } from '../../shared/ports/deviceFleet.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { minute } from '../../shared/units/duration.ts'
import type { OpenMigration } from './migrationFolder.ts'

const fetchLimit = 10 * minute

export function jobLogFile(migration: Pick<OpenMigration, 'files'>, device: number, kind: JobLogKind): string {
  return join(migration.files.devices, `device-${device}`, `job-${kind}${kind === 'report' ? '' : '.csv'}`)
}

/** Fetches what is not kept yet. What cannot be fetched now is tried at the next look; nothing else waits for it. */
export async function keepJobLogs(migration: OpenMigration, device: FleetRecord, job: JobSnapshot, signal: AbortSignal): Promise<void> {
  const { journal, world } = migration
  const kept = new Set(journal.jobLogs(device.id).map(({ kind }) => kind))
  for (const kind of jobLogKinds) {
    const address = job.logs[kind]
    if (kept.has(kind) || address === undefined) continue
    try {
      const file = await fetchInto(jobLogFile(migration, device.id, kind), address, signal)
      journal.together(() => {
        journal.addJobLog(device.id, { kind, at: Math.round(world.clock.now()), ...file })
        journal.append('job-log-kept', { device: device.id, log: kind, ...file })
      })
    } catch (error) {
      signal.throwIfAborted()
      // The address is a secret for as long as it lives: nothing of it is written down.
      world.log.warn('job-logs', asFault(error).code, { device: device.id, log: kind })
    }
  }
}

async function fetchInto(file: string, address: string, signal: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.hostname !== '127.0.0.1') throw new Fault('aws-refused', { code: 'NotEncrypted' })
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(fetchLimit)]), redirect: 'error' })
  if (!answer.ok || answer.body === null) throw new Fault('aws-refused', { status: answer.status })
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const partial = `${file}.partial`
  const hash = createHash('sha256')
  let size = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(answer.body), counting, createWriteStream(partial, { mode: 0o600, flush: true }))
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return { bytes: size, sha256: hash.digest('hex') }
}
