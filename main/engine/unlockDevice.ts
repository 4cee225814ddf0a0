/** Unlocking a device that is on site, and reaching its S3 adapter, through AWS's own client. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { minute, second } from '../../shared/units/duration.ts'
import type { DeviceAccess } from './deviceReach.ts'
import { requireOnSite } from './shipGate.ts'
import type { SnowballEdge } from './snowballEdge.ts'
import type { Work } from './steps.ts'

const unlockedWithin = 15 * minute
const lookEvery = 5 * second

/**
 * Waits until the device says that it is unlocked, and enters that into custody in the person's name, once.
 * @throws Fault device-not-here · device-still-locked when it does not unlock in time · as the client.
 */
export async function unlockDevice(
  { migration, signal }: Pick<Work, 'migration' | 'signal'>,
  client: SnowballEdge,
  device: FleetRecord,
  person: string,
): Promise<'unlocked' | 'was unlocked'> {
  const { journal, world } = migration
  requireOnSite(journal, device)
  const before = await client.state(signal)
  if (before !== 'UNLOCKED') {
    await client.unlock(signal)
    const until = world.clock.monotonic() + unlockedWithin
    for (let state = before; state !== 'UNLOCKED';) {
      if (world.clock.monotonic() > until) throw new Fault('device-still-locked', { device: device.id, state })
      await world.clock.sleep(lookEvery, signal)
      state = await client.state(signal)
    }
  }
  if (before !== 'UNLOCKED' || !journal.custody(device.id).some(({ step }) => step === 'unlocked'))
    journal.together(() => {
      journal.append('device-unlocked', { device: device.id, person })
      journal.addCustody({ deviceId: device.id, at: world.clock.now(), step: 'unlocked', person })
    })
  return before === 'UNLOCKED' ? 'was unlocked' : 'unlocked'
}

/**
 * Address, keys and certificate of the S3 adapter, held in memory alone. TLS is taken where the device offers it.
 * @throws Fault device-still-locked · device-service-off when the adapter does not run · as the client.
 */
export async function accessByClient(client: SnowballEdge, device: FleetRecord, signal: AbortSignal): Promise<DeviceAccess> {
  const state = await client.state(signal)
  if (state !== 'UNLOCKED') throw new Fault('device-still-locked', { device: device.id, state })
  const { Status, Endpoints } = await client.s3Service(signal)
  const endpoint = Endpoints.find(({ Protocol }) => Protocol === 'https') ?? Endpoints.find(({ Protocol }) => Protocol === 'http')
  if (Status.State !== 'ACTIVE' || endpoint === undefined) throw new Fault('device-service-off', { device: device.id, state: Status.State })
  const { Protocol, Host, Port, CertificateAssociation } = endpoint
  const arn = CertificateAssociation?.CertificateArn
  return {
    endpoint: `${Protocol}://${Host.includes(':') ? `[${Host}]` : Host}:${Port}`,
    ...(await client.keys(signal)),
    ...(Protocol === 'https' && arn !== undefined ? { certificate: await client.certificate(arn, signal) } : {}),
  }
}

const mostFiles = 200
const largestNote = 64 * 1024

/** Whether a file beside the manifest holds the code: whoever takes the folder can open the device. */
export async function liesBeside(manifest: string, code: string): Promise<boolean> {
  const folder = dirname(manifest)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.slice(0, mostFiles)) {
    const file = join(folder, name)
    const seen = await stat(file).catch(() => undefined)
    if (seen === undefined || !seen.isFile() || seen.size > largestNote) continue
    if ((await readFile(file, 'latin1').catch(() => '')).includes(code)) return true
  }
  return false
}

/** `snowballEdge configure` keeps the unlock code in clear text. @returns whether there is such a file with one. */
export async function clientKeepsCode(home = homedir()): Promise<boolean> {
  const text = await readFile(join(home, '.aws', 'snowball', 'config', 'snowball-edge.config'), 'utf8').catch(() => '')
  return /"unlock_?code"\s*:\s*"[^"]+"/i.test(text)
}
