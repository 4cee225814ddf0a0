/** Probes what an access to AWS can do, by the smallest questions there are. Sends nothing, and asks each only once more where the network failed. */
import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import type { World } from '../../shared/ports/world.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { cloudS3Client, cloudWatchClient, snowballClient, storageGatewayClient, type Endpoint } from './clients.ts'
import { faultFromAws } from './errors.ts'
import { openGatewayMonitor } from './gatewayMonitor.ts'
import { openS3Store } from './s3Store.ts'
import { openSnowballFleet } from './snowballFleet.ts'

export type AccessProbe = {
  /** The last characters of the access key, enough for a person to tell which one it is, and when it ends. @throws Fault aws-wrong-secret. */
  credentials(): Promise<{ readonly ends: string; readonly expiresAt: number | undefined }>
  /** Asks S3 who is asking. `false`: accepted, but this access may not list buckets. */
  whoAmI(signal: AbortSignal): Promise<boolean>
  /** How far this clock is ahead of AWS's, from the last answer; `undefined`: no answer yet. */
  aheadMs(): number | undefined
  bucket(name: string, signal: AbortSignal): Promise<{ readonly region: string | undefined }>
  versioned(name: string, signal: AbortSignal): Promise<boolean>
  devices(signal: AbortSignal): Promise<{ readonly limit: number; readonly inUse: number }>
  shares(signal: AbortSignal): Promise<number>
  close(): void
}

export function probeAccess(endpoint: Endpoint, world: World): AccessProbe {
  const s3 = cloudS3Client(endpoint)
  const snowball = snowballClient(endpoint)
  const gateway = storageGatewayClient(endpoint)
  const cloudWatch = cloudWatchClient(endpoint)
  let ahead: number | undefined
  s3.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      ahead = aheadBy(result.response, world.clock.now()) ?? ahead
      return result
    },
    { step: 'deserialize', name: 'firnReadsTheirClock', priority: 'low' },
  )
  const store = openS3Store({ client: s3, world })
  return {
    async credentials() {
      try {
        const { accessKeyId, expiration } = await s3.config.credentials()
        return { ends: accessKeyId.slice(-4), expiresAt: expiration?.getTime() }
      } catch (error) {
        throw new Fault('aws-wrong-secret', { missing: 'credentials' }, { cause: error })
      }
    },
    async whoAmI(signal) {
      try {
        await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }), { abortSignal: signal })
        return true
      } catch (error) {
        signal.throwIfAborted()
        const fault = faultFromAws(error, 's3:ListBuckets')
        if (fault.code === 'aws-denied') return false
        throw fault
      }
    },
    aheadMs: () => ahead,
    async bucket(name, signal) {
      try {
        const answer = await s3.send(new HeadBucketCommand({ Bucket: name }), { abortSignal: signal })
        return { region: answer.BucketRegion }
      } catch (error) {
        signal.throwIfAborted()
        const fault = faultFromAws(error, 's3:HeadBucket')
        // HEAD has no body that could name what is wrong.
        throw fault.facts['status'] === 404 ? new Fault('bucket-missing', fault.facts, { cause: error }) : fault
      }
    },
    versioned: (name, signal) => store.versioned(name, signal),
    devices: (signal) => openSnowballFleet({ client: snowball, world }).usage(signal),
    shares: async (signal) => (await openGatewayMonitor({ gateway, cloudWatch, world }).shares(signal)).length,
    close() {
      for (const client of [s3, snowball, gateway, cloudWatch]) client.destroy()
    },
  }
}

/** From the Date header of an answer; whole seconds. */
function aheadBy(response: unknown, now: number): number | undefined {
  const headers: unknown = typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined
  const date: unknown = typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'date') : undefined
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return Number.isNaN(theirs) ? undefined : now - theirs
}
