/** Devices: where each one is, what is on it, and who had it. */
export function Devices({ deviceId }: { readonly deviceId?: number | undefined }) {
  return <p>{deviceId}</p>
}
