/** Which device is meant, and how it is reached: options that several commands have. */
import type { Command } from 'commander'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import type { DeviceAccess } from '../engine/deviceReach.ts'
import { openSnowballEdge, type SnowballEdge } from '../engine/snowballEdge.ts'
import { accessByClient, liesBeside } from '../engine/unlockDevice.ts'
import { askSecret } from './askSecret.ts'
import { ordinalNumber, personName, type Session } from './session.ts'

export type ClientOptions = { readonly manifest?: string; readonly deviceAddress?: string; readonly client: string }
export type DeviceOptions = ClientOptions & {
  readonly device?: number
  readonly endpoint?: string
  readonly certificate?: string
  readonly acceptCertificate?: string
}

export function withClientOptions(command: Command): Command {
  return command
    .option(
      '--manifest <file>',
      'manifest of the job: the device is asked through AWS’s snowballEdge client; the unlock code is asked for, or read from standard input',
    )
    .option('--device-address <url>', 'with --manifest: https:// and the IP address that the device shows')
    .option('--client <program>', 'with --manifest: the snowballEdge client', 'snowballEdge')
}

export function withDeviceOptions(command: Command): Command {
  return withClientOptions(
    command
      .option('--device <number>', 'only this device', ordinalNumber)
      .option(
        '--endpoint <url>',
        "the device's S3 adapter, for instance https://10.0.0.5:8443; its keys in FIRN_DEVICE_ACCESS_KEY_ID and FIRN_DEVICE_SECRET_ACCESS_KEY",
      )
      .option('--certificate <file>', "the device's certificate (snowballEdge get-certificate)")
      .option('--accept-certificate <name>', 'who accepts that the device has another certificate than before', personName),
  )
}

/** The client, with a code that is asked for now. @throws Fault bad-input where something is missing. */
export async function clientFrom({ manifest, deviceAddress, client }: ClientOptions, session: Session): Promise<SnowballEdge> {
  if (manifest === undefined || deviceAddress === undefined)
    throw new Fault('bad-input', { field: '--manifest, --device-address', problem: 'are needed, both' })
  const code = await askSecret('Unlock code', session.signal)
  if (await liesBeside(manifest, code))
    session.output.warning(
      'The unlock code is in a file beside the manifest: whoever takes that folder can open the device. Keep the two apart.',
    )
  return openSnowballEdge({ program: client, endpoint: deviceAddress, manifest, code })
}

/** `undefined`: no way to it was named. @throws Fault bad-input when the keys are not set. */
export async function accessFrom(options: DeviceOptions, device: FleetRecord, session: Session): Promise<DeviceAccess | undefined> {
  const access = await named(options, device, session)
  if (access?.endpoint.startsWith('http:') === true)
    session.output.warning('The device is reached without TLS: images can be read on the network between this machine and it.')
  if (access === undefined) return undefined
  const { certificate, acceptCertificate } = options
  return {
    ...access,
    ...(certificate === undefined ? {} : { certificateFile: certificate }),
    ...(acceptCertificate === undefined ? {} : { acceptCertificate }),
  }
}

async function named(options: DeviceOptions, device: FleetRecord, session: Session): Promise<DeviceAccess | undefined> {
  if (options.manifest !== undefined) {
    if (options.endpoint !== undefined)
      throw new Fault('bad-input', { field: '--endpoint', problem: 'the client tells it: give --manifest or --endpoint' })
    return accessByClient(await clientFrom(options, session), device, session.signal)
  }
  if (options.endpoint === undefined) return undefined
  const accessKeyId = process.env['FIRN_DEVICE_ACCESS_KEY_ID']
  const secretAccessKey = process.env['FIRN_DEVICE_SECRET_ACCESS_KEY']
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Fault('bad-input', { field: 'FIRN_DEVICE_ACCESS_KEY_ID, FIRN_DEVICE_SECRET_ACCESS_KEY', problem: 'are not set' })
  }
  return { endpoint: options.endpoint, accessKeyId, secretAccessKey }
}
