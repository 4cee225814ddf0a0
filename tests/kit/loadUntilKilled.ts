/** A program for kill tests: loads the device lane of a journal and says 0 when all of it has gone. Arguments: journal, archive, endpoint, key id, secret. */
import { deviceS3Client } from '../../main/aws/clients.ts'
import { openS3Target } from '../../main/aws/s3Target.ts'
import { realWorld } from '../../main/engine/world.ts'
import { openJournal } from '../../main/journal/openJournal.ts'
import { load } from '../../main/load/load.ts'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { bucket } from './sandboxS3.ts'

const [journalFile = '', archive = '', url = '', accessKeyId = '', secretAccessKey = ''] = process.argv.slice(2)
const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })
const journal = openJournal(journalFile, world)
const client = deviceS3Client({ url, credentials: { accessKeyId, secretAccessKey } })
const target = openS3Target({ client, bucket, dialect: 'device', world })
const source = openFolderSource(archive, { patientKey: Buffer.from('key'), prefix: '', workers: 2 })
const [device] = journal.devices()
if (device === undefined) throw new Error('the journal has no device')
const lane = { route: 'device', deviceId: device.id } as const
for await (const event of load({ lane, source: () => source, target: () => target, journal, world }, new AbortController().signal)) {
  if (event.kind === 'trouble') throw event.fault
}
await source.close()
client.destroy()
journal.close()
