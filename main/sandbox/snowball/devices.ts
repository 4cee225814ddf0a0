/** Devices and where they are: an endpoint while they are unlocked at the customer's, an import when they are back at AWS. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../../shared/faults/fault.ts'
import { allows, mayHaveBecome } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { openObjects } from '../s3/objectStore.ts'
import { runImport, type ImportParts } from './import.ts'
import { importProgress } from './importLog.ts'
import type { Job, Jobs } from './jobs.ts'

export type DeviceAccess = { readonly url: string; readonly accessKeyId: string; readonly secretAccessKey: string }
export type ServedDevice = { readonly url: string; close(): Promise<void> }

export type DeviceParts = ImportParts & {
  /** Holds one folder per device. */
  readonly folder: string
  readonly jobs: Jobs
  /** Simulated time. */
  readonly clock: { now(): number }
  /** Told of what is tried again. */
  readonly onTrouble: (error: unknown) => void
  /** Starts the device's own S3 adapter over its folder, on a port of its own. */
  readonly serve: (folder: string, job: Job, buckets: readonly string[]) => Promise<ServedDevice>
}

export interface Devices {
  /** The carrier takes the device. Again for one that is on its way already does nothing. @throws Fault device-not-here. */
  ship(jobId: string): Promise<void>
  /** @throws Fault device-not-here, bad-input for a wrong unlock code. */
  unlock(jobId: string, code: string): Promise<void>
  /** Only while the device is unlocked and at the customer's. */
  endpoint(jobId: string): DeviceAccess | undefined
  /** How often an import ended in an error and was tried again. */
  readonly troubles: number
  close(): Promise<void>
}

const restMs = 20
const mostTroubles = 5

/** Looks after the devices until closed: what a restart finds unlocked is served again, what it finds at AWS is imported. */
export function openDevices(parts: DeviceParts): Devices {
  const { jobs } = parts
  const stop = new AbortController()
  const running = new Map<string, ServedDevice>()
  const failures = new Map<string, number>()
  let troubles = 0
  /** One after the other: two calls must not open the same device twice. */
  let line: Promise<unknown> = Promise.resolve()
  const inLine = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = line.then(work)
    line = mine.catch(() => undefined)
    return mine
  }
  const folderOf = (jobId: string): string => join(parts.folder, jobId)
  const start = async (job: Job): Promise<void> => {
    if (running.has(job.id) || stop.signal.aborted) return
    running.set(job.id, await parts.serve(folderOf(job.id), job, bucketsOf(job)))
  }
  const powerOff = async (jobId: string): Promise<void> => {
    const device = running.get(jobId)
    running.delete(jobId)
    await device?.close()
  }
  const importBack = async (job: Job): Promise<void> => {
    const folder = folderOf(job.id)
    if (importProgress(parts.state, job.id)?.done !== true) {
      const store = openObjects(folder, { clock: parts.clock })
      try {
        await runImport(parts, job.id, bucketsOf(job), store, stop.signal)
      } finally {
        store.close()
      }
    }
    // Erased before the job says Complete, as AWS promises (NIST 800-88); the import is on record by now.
    if (existsSync(folder)) await rm(folder, { recursive: true, force: true })
    jobs.apply(job.id, 'import-finished')
  }
  const lookAfter = async (job: Job): Promise<void> => {
    if (job.state === 'WithCustomer' && job.unlocked) await start(job)
    else if (running.has(job.id)) await powerOff(job.id)
    if (job.state !== 'InProgress' || (failures.get(job.id) ?? 0) >= mostTroubles) return
    try {
      await importBack(job)
    } catch (error) {
      if (stop.signal.aborted) return
      troubles += 1
      parts.onTrouble(error)
      failures.set(job.id, (failures.get(job.id) ?? 0) + 1)
      if (failures.get(job.id) === mostTroubles) throw error
    }
  }
  const trouble = (error: unknown): void => {
    troubles += 1
    parts.onTrouble(error)
  }
  const watching = (async () => {
    while (!stop.signal.aborted) {
      try {
        for (const job of jobs.active()) await inLine(() => lookAfter(job)).catch(trouble)
      } catch (error) {
        trouble(error)
      }
      await delay(restMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  })()

  const here = (jobId: string): Job => {
    const job = jobs.get(jobId)
    if (job === undefined) throw new Fault('device-not-here', { state: 'unknown job' })
    return job
  }
  return {
    ship: (jobId) =>
      inLine(async () => {
        const job = here(jobId)
        if (!allows(job.state, 'hand-over')) {
          if (job.state !== 'Cancelled' && mayHaveBecome('InTransitToAWS', job.state) === true) return
          throw new Fault('device-not-here', { state: job.state })
        }
        await powerOff(jobId)
        jobs.apply(jobId, 'handed-over')
      }),
    unlock: (jobId, code) =>
      inLine(async () => {
        const job = here(jobId)
        if (!allows(job.state, 'unlock')) throw new Fault('device-not-here', { state: job.state })
        if (code !== job.secrets.unlockCode) throw new Fault('bad-input', { field: 'unlock code' })
        jobs.setUnlocked(jobId)
        await start(job)
      }),
    endpoint(jobId) {
      const device = running.get(jobId)
      const job = device === undefined ? undefined : jobs.get(jobId)
      if (device === undefined || job?.state !== 'WithCustomer') return undefined
      return { url: device.url, accessKeyId: job.secrets.accessKeyId, secretAccessKey: job.secrets.secretAccessKey }
    },
    get troubles() {
      return troubles
    },
    async close() {
      stop.abort(new Error('the sandbox is closing'))
      await watching
      await inLine(async () => {
        for (const jobId of running.keys()) await powerOff(jobId)
      })
    },
  }
}

function bucketsOf(job: Job): readonly string[] {
  const arns = (job.order.Resources?.S3Resources ?? []).map((resource) => resource.BucketArn ?? '')
  return [...new Set(arns.map((arn) => arn.split(':').at(-1) ?? ''))]
}
