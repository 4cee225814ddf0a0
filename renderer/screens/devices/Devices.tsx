/** Devices: where each one is, what is on it, and who had it. */
import { DevicePage } from './DevicePage.tsx'
import { Fleet } from './Fleet.tsx'

export function Devices({ deviceId }: { readonly deviceId?: number | undefined }) {
  return deviceId === undefined ? <Fleet /> : <DevicePage key={deviceId} deviceId={deviceId} />
}
