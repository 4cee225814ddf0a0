/**
 * Tries out what the S3 adapter of a device takes, before the first image goes to it: with an object and an upload of Firn's own, read back, compared and
 * removed. A refusal is never taken for a yes. Snowball Edge Developer Guide, S3 adapter.
 */
import { DeleteObjectCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DeviceTakes } from '../../shared/domain/deviceProbe.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import type { Target } from '../../shared/ports/target.ts'
import type { World } from '../../shared/ports/world.ts'
import { MiB } from '../../shared/units/bytes.ts'
import { sameBytes } from '../../shared/units/digest.ts'
import { createHash } from 'node:crypto'
import { digester } from '../files/digesters.ts'
import { awsErrorName } from './errors.ts'
import { brisk, retrying } from './retrying.ts'

const probeBytes = 64 * 1024
/** The smallest part there is (S3 User Guide, multipart limits). */
const partBytes = 5 * MiB

export type ProbedDevice = {
  readonly client: S3Client
  readonly target: Target
  readonly bucket: string
  readonly prefix: string
  readonly world: World
}

/**
 * @throws Fault device-unfit with what it does not take that loading needs · device-bucket-missing where the job's bucket is not on it · aws-* as any call.
 * What was written is removed, or, where the device does not remove, told by `removes: false`.
 */
export async function probeDevice(device: ProbedDevice, signal: AbortSignal): Promise<DeviceTakes> {
  const { target, prefix, world } = device
  const key = `${prefix}.firn-probe-${world.random.uuid()}`
  const unfit = (problem: string): Fault => new Fault('device-unfit', { problem })
  const body = world.random.bytes(probeBytes)
  try {
    await target.putWhole(key, body, { 'firn-probe': 'yes' }, await digestsOf(body), signal)
  } catch (error) {
    if (isFault(error) && awsErrorName(error.cause) === 'NoSuchBucket') throw new Fault('device-bucket-missing', {}, { cause: error })
    throw error
  }
  try {
    if (!sameBytes(await whole(target, key, body.length, signal), body)) throw unfit('gives back other bytes than it was given')
    const head = await target.head(key, signal)
    if (head?.size !== body.length || head.metadata['firn-probe'] !== 'yes') throw unfit('does not keep size or metadata of an object')
  } catch (error) {
    await remove(device, key, signal)
    throw error
  }
  const removes = await remove(device, key, signal)
  const listsParts = await tryParts(target, `${key}-parts`, world, signal)
  return { saysSnowball: await saysSnowball(device, signal), partBytes, listsParts, removes }
}

/** Parts are begun, sent, asked for and given up: nothing of them becomes an object. */
async function tryParts(target: Target, key: string, world: World, signal: AbortSignal): Promise<boolean> {
  const upload = await target.beginParts(key, {}, signal)
  try {
    const sent = await target.putPart(key, upload, 1, world.random.bytes(partBytes), signal)
    // A device that does not list parts has given the upload up by then: see s3Target.ts.
    const there = await target.listParts(key, upload, signal)
    if (there !== undefined && there[0]?.size !== sent.size)
      throw new Fault('device-unfit', { problem: 'does not keep the parts of an upload' })
    return there !== undefined
  } finally {
    await target.abortParts(key, upload, signal)
  }
}

async function digestsOf(body: Uint8Array): Promise<ItemDigests> {
  const crc64nvme = await digester('CRC64NVME')
  crc64nvme.update(body)
  return { sha256: new Uint8Array(createHash('sha256').update(body).digest()), crc64nvme: crc64nvme.finish() }
}

async function whole(target: Target, key: string, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of target.read(key, { offset: 0, length }, signal)) chunks.push(chunk)
  } catch (error) {
    if (!isFault(error, 'object-missing')) throw error
  }
  return Buffer.concat(chunks)
}

async function remove({ client, bucket, world }: ProbedDevice, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    await retrying(
      's3:DeleteObject',
      signal,
      world,
      (abortSignal) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal }),
      brisk,
    )
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}

async function saysSnowball({ client, bucket, world }: ProbedDevice, signal: AbortSignal): Promise<boolean> {
  let server = ''
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      server = (answer.response as { headers?: Record<string, string> }).headers?.['server'] ?? server
      return answer
    },
    { step: 'deserialize', name: 'serverOfDevice', override: true },
  )
  try {
    await retrying(
      's3:HeadBucket',
      signal,
      world,
      (abortSignal) => client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }),
      brisk,
    )
  } finally {
    client.middlewareStack.remove('serverOfDevice')
  }
  return /snowball/i.test(server)
}
