/**
 * What is known of a device's endpoint: its certificate, pinned at first use, and what its S3 adapter takes, tried out once with an object of Firn's own that
 * is removed again. Later loads go by that.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import type { DeviceEndpoint } from '../aws/clients.ts'
import type { OpenMigration } from './migrationFolder.ts'

/** How a device on site is reached when it is a real one: from the command line or the desktop's secret store, never from a file of ours. */
export type DeviceAccess = {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly certificateFile?: string
  /** PEM, where AWS's client gave it. */
  readonly certificate?: string
  /** Who accepts another certificate than the one that is pinned. */
  readonly acceptCertificate?: string
}

type Migration = Pick<OpenMigration, 'journal' | 'world'>

/**
 * @throws Fault bad-input for an address or a certificate that is none · device-certificate-missing for https without one ·
 * device-certificate-changed where another was pinned, unless a named person accepts it.
 */
export function pinnedEndpoint({ journal, world }: Migration, device: FleetRecord, access: DeviceAccess): DeviceEndpoint {
  const url = URL.parse(access.endpoint)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.pathname !== '/' || url.search !== '')
    throw new Fault('bad-input', { field: '--endpoint', problem: 'is an address as https://10.0.0.5:8443' })
  const credentials = { accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey }
  if (url.protocol === 'http:') return { url: access.endpoint, credentials }
  const pem = access.certificate ?? (access.certificateFile === undefined ? undefined : read(access.certificateFile))
  if (pem === undefined) throw new Fault('device-certificate-missing', { device: device.id })
  const fingerprint = fingerprintOf(pem)
  const pinned = journal.pinnedCertificate(device.id)
  if (pinned !== undefined && pinned !== fingerprint && access.acceptCertificate === undefined)
    throw new Fault('device-certificate-changed', { device: device.id, pinned: pinned.slice(0, 23), now: fingerprint.slice(0, 23) })
  if (pinned !== fingerprint)
    journal.together(() => {
      journal.pinCertificate(device.id, fingerprint, world.clock.now())
      journal.append('device-certificate-pinned', {
        device: device.id,
        fingerprint,
        ...(pinned === undefined ? {} : { instead: pinned, person: access.acceptCertificate ?? '' }),
      })
    })
  return { url: access.endpoint, credentials, certificate: pem }
}

/** SHA-256 of the certificate, as pairs of hexadecimal digits with colons. */
export function fingerprintOf(pem: string): string {
  try {
    return new X509Certificate(pem).fingerprint256
  } catch (error) {
    throw new Fault('bad-input', { field: '--certificate', problem: 'is not a certificate in PEM form' }, { cause: error })
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Fault('bad-input', { field: '--certificate', problem: 'cannot be read' }, { cause: error })
  }
}
