/** Packs parcels (whole studies, or pieces of one that exceeds a device) onto devices: best fit among a bounded number of open ones. */

/** `open`: how many devices are considered at once; it bounds memory and time, not the number of devices. */
export type PackingLimits = { readonly capacity: number; readonly open: number }

export const openDevices = 8

/**
 * Takes parcels one at a time, in bytes, and answers with the ordinal of the device (from 1) that each goes onto: the fullest open one that
 * still has room. With none, a new device is opened, and when too many are open the fullest is closed for good. Deterministic.
 * @throws RangeError on a parcel larger than a device: cut it first (deviceFootprint.ts).
 */
export function devicePacker(limits: PackingLimits): (parcelBytes: number) => number {
  const open: { readonly device: number; free: number }[] = []
  let devices = 0
  return (parcelBytes) => {
    if (parcelBytes > limits.capacity) throw new RangeError(`a parcel of ${parcelBytes} B does not fit a device of ${limits.capacity} B`)
    let best: (typeof open)[number] | undefined
    for (const one of open) if (one.free >= parcelBytes && (best === undefined || one.free < best.free)) best = one
    if (best === undefined) {
      if (open.length >= limits.open) open.splice(open.indexOf(fullest(open)), 1)
      devices += 1
      best = { device: devices, free: limits.capacity }
      open.push(best)
    }
    best.free -= parcelBytes
    return best.device
  }
}

function fullest<One extends { readonly free: number }>(open: readonly One[]): One {
  return open.reduce((least, one) => (one.free < least.free ? one : least))
}
