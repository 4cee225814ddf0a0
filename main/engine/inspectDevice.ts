/** The inspection of a loaded device, with its bill of materials beside the migration and its entry in custody. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CustodyNote } from '../../shared/domain/custody.ts'
import type { Inspection, SampleSize } from '../../shared/domain/inspection.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { toHex } from '../../shared/units/digest.ts'
import { createFileSink, type FileSink } from '../evidence/fileSink.ts'
import { inspect } from '../load/inspect.ts'
import type { DeviceAccess } from './deviceReach.ts'
import { requireOnSite } from './shipGate.ts'
import type { Work } from './steps.ts'

/** Before a loaded device leaves: its bill of materials, and a sample of it read back. @throws Fault device-not-here, and as inspect. */
export async function inspectDevice(
  { migration, wiring, watch, signal }: Work,
  device: FleetRecord,
  access: DeviceAccess | undefined,
  how: { readonly person: string; readonly seed?: string; readonly sample?: SampleSize },
): Promise<Inspection> {
  const { journal, world, files } = migration
  requireOnSite(journal, device)
  const target = await wiring.deviceTarget(device, access, signal)
  const folder = join(files.devices, `device-${device.id}`)
  return watch(
    inspect(
      {
        deviceId: device.id,
        person: how.person,
        seed: how.seed ?? toHex(world.random.bytes(8)),
        ...(how.sample === undefined ? {} : { sample: how.sample }),
        archives: journal.archives(),
        target,
        manifest: () => newList(folder, 'manifest', world.clock.now()),
        leftBehind: () => newList(folder, 'left-behind', world.clock.now()),
        recorded: (inspection) =>
          journal.addCustody({
            deviceId: device.id,
            at: inspection.at,
            step: 'inspected',
            person: how.person,
            said: inspectionNote(inspection),
          }),
        journal,
        world,
      },
      signal,
    ),
  )
}

/** One file for each inspection, named by its moment: an earlier one is never written over. */
async function newList(folder: string, name: string, at: number): Promise<FileSink> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return createFileSink(folder, `${name}-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}.csv`)
}

function inspectionNote(of: Inspection): CustodyNote {
  const { items, bytes, batches, manifestSha256: sha256, leftBehindItems: leftBehind, sampledItems: sampled, seed, differing } = of
  return { code: 'inspection', items, bytes, batches, sha256, leftBehind, sampled, seed, differing }
}
