/** A program for kill tests: makes a device with three tars and three objects once, then imports it into a cloud, and says 0 when all is done. */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openState } from '../../main/sandbox/control/state.ts'
import { openFaults, noFaults } from '../../main/sandbox/faultPlan.ts'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'
import { runImport } from '../../main/sandbox/snowball/import.ts'
import { bucket, tarOf } from './sandboxControl.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('say which folder')
const clock = { now: () => Date.now() }
const device = join(folder, 'device')
if (!existsSync(device)) {
  const making = openObjects(`${device}.new`, { clock })
  making.createBucket(bucket)
  for (const tar of ['a', 'b', 'c']) {
    const members = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`${tar}/${at}.dcm`, `instance ${at} of ${tar} `.repeat(40)]),
    )
    await making.put(bucket, `${tar}.tar`, Readable.from([await tarOf(members)]), { metadata: { 'snowball-auto-extract': 'true' } })
    await making.put(bucket, `${tar}.large`, Readable.from([Buffer.alloc(2_000_000, tar)]))
  }
  making.close()
  renameSync(`${device}.new`, device)
}
const state = openState(join(folder, 'control.db'))
const cloud = openObjects(join(folder, 'cloud'), { clock })
cloud.createBucket(bucket, { versioning: 'Enabled' })
cloud.createBucket('awsie-frosty-sandbox')
const store = openObjects(device, { clock })
const faults = openFaults(state, noFaults, () => Promise.resolve())
await runImport({ state, cloud, faults, keepArchives: false }, 'JID-killed', [bucket], store, new AbortController().signal)
store.close()
cloud.close()
state.close()
