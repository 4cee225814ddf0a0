/** Which device is meant, and how it is reached: options that several commands have. */
import type { Command } from 'commander'
import { Fault } from '../../shared/faults/fault.ts'
import type { DeviceAccess } from '../engine/compose.ts'
import { ordinalNumber } from './session.ts'

export type DeviceOptions = { readonly device?: number; readonly endpoint?: string; readonly certificate?: string }

export function withDeviceOptions(command: Command): Command {
  return command
    .option('--device <number>', 'only this device', ordinalNumber)
    .option(
      '--endpoint <url>',
      "the device's S3 adapter, for instance https://10.0.0.5:8443; its keys in FIRN_DEVICE_ACCESS_KEY_ID and FIRN_DEVICE_SECRET_ACCESS_KEY",
    )
    .option('--certificate <file>', "the device's certificate (snowballEdge get-certificate)")
}

/** `undefined`: no endpoint was named. @throws Fault bad-input when the keys are not set. */
export function accessFrom(options: DeviceOptions): DeviceAccess | undefined {
  if (options.endpoint === undefined) return undefined
  const accessKeyId = process.env['FIRN_DEVICE_ACCESS_KEY_ID']
  const secretAccessKey = process.env['FIRN_DEVICE_SECRET_ACCESS_KEY']
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Fault('bad-input', { field: 'FIRN_DEVICE_ACCESS_KEY_ID, FIRN_DEVICE_SECRET_ACCESS_KEY', problem: 'are not set' })
  }
  return {
    endpoint: options.endpoint,
    accessKeyId,
    secretAccessKey,
    ...(options.certificate === undefined ? {} : { certificateFile: options.certificate }),
  }
}
