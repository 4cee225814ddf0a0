/**
 * What do batches bring? The same small files loaded into a simulated Snowball over HTTP, in tars of 10,000 and one by one: items and bytes a second,
 * CPU time of the client, peak memory. node bench/load.ts [FILES=20000] [FOLDER]: prints JSON and a line.
 * Client and device are two processes of one machine and share its cores and disk. Only ratios between the figures of one run travel.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deviceS3Client } from '../main/aws/clients.ts'
import { openS3Target } from '../main/aws/s3Target.ts'
import { realWorld } from '../main/engine/world.ts'
import { scan } from '../main/inventory/scan.ts'
import { createJournal, openJournal } from '../main/journal/openJournal.ts'
import { load } from '../main/load/load.ts'
import { createDevice } from '../main/sandbox/device/device.ts'
import { noFaults } from '../main/sandbox/http/faultHook.ts'
import { listen } from '../main/sandbox/http/server.ts'
import { onlyCredentials } from '../main/sandbox/http/signature.ts'
import { openFolderSource } from '../main/source/folderSource.ts'
import { defaultClutter } from '../shared/domain/archive.ts'
import { bytes } from '../shared/units/bytes.ts'
import { pathText } from '../shared/units/itemPath.ts'

type Measured = { readonly seconds: number; readonly cpuSeconds: number; readonly peakMemoryMiB: number; readonly items: number }
type Way = 'batched' | 'single'

const size = 100_000
const perBatch = 10_000
const bucket = 'bench'
const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'of-this-run-only' }
const never = new AbortController().signal
const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })

if (process.argv[2] === '--load')
  await measureLoad(process.argv[3] === 'batched' ? 'batched' : 'single', process.argv[4] ?? '', process.argv[5] ?? '')
else await compare(Number(process.argv[2] ?? 20_000), process.argv[3])

async function compare(files: number, given: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(given ?? tmpdir(), 'firn-bench-load-'))
  try {
    const body = Buffer.alloc(size, 'what an image holds is of no matter to a load ')
    for (let at = 0; at < files; at += 1) {
      const study = join(folder, 'archive', `study-${Math.floor(at / 200)}`)
      if (at % 200 === 0) mkdirSync(study, { recursive: true })
      body.writeUInt32LE(at)
      writeFileSync(join(study, `${String(at).padStart(7, '0')}.dcm`), body)
    }
    const batched = await loadInto(folder, 'batched')
    const single = await loadInto(folder, 'single')
    const rates = (of: Measured) => ({
      itemsPerSecond: Math.round(of.items / of.seconds),
      MBs: Math.round((of.items * size) / of.seconds / 1e6),
      cpuSecondsPerGB: Math.round((of.cpuSeconds / ((of.items * size) / 1e9)) * 100) / 100,
      cpuShare: Math.round((of.cpuSeconds / of.seconds) * 100) / 100,
      peakMemoryMiB: of.peakMemoryMiB,
    })
    const result = {
      bench: 'load',
      files,
      cpus: cpus().length,
      batched: rates(batched),
      single: rates(single),
      batchedToSingle: Math.round((single.seconds / batched.seconds) * 100) / 100,
    }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.stdout.write(
      `load of ${files} files of 100 KB: batched ${result.batched.itemsPerSecond}/s, ${result.batched.MBs} MB/s, peak ${batched.peakMemoryMiB} MiB; ` +
        `one by one ${result.single.itemsPerSecond}/s, ${result.single.MBs} MB/s, peak ${single.peakMemoryMiB} MiB\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A device in this process, the client in another. */
async function loadInto(folder: string, way: Way): Promise<Measured> {
  await plan(folder, way)
  const device = createDevice({
    folder: join(folder, `device-${way}`),
    jobId: way,
    buckets: [bucket],
    capacityBytes: 1e13,
    credentials: onlyCredentials(credentials.accessKeyId, credentials.secretAccessKey),
    clock: Date,
    faults: noFaults,
  })
  const { port, close } = await listen({ port: 0, host: '127.0.0.1', handle: device.handle })
  const args = [fileURLToPath(import.meta.url), '--load', way, folder, `http://127.0.0.1:${port}`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'utf8' })
  await close()
  device.objects.close()
  rmSync(join(folder, `device-${way}`), { recursive: true, force: true })
  return JSON.parse(stdout) as Measured
}

/** A journal whose one device takes everything, in batches or not. */
async function plan(folder: string, way: Way): Promise<void> {
  const journal = createJournal(join(folder, `${way}.db`), world, { name: 'bench', kind: 'rehearsal' })
  const archive = journal.addArchive({ root: join(folder, 'archive'), bucket, prefix: '', clutter: defaultClutter })
  const source = openFolderSource(archive.root, { patientKey: world.random.bytes(32), prefix: '' })
  for await (const event of scan({ archive, source, journal, world }, never)) if (event.kind === 'trouble') throw event.fault
  await source.close()
  const planned = journal.beginPlan('{}', '{}', world.clock.now())
  const deviceId = journal.addDevice(planned, { ordinal: 1, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(210e12) })
  let inBatch = perBatch
  let batchId: number | undefined
  for (const study of journal.studies(bytes(1))) {
    const items = [...journal.itemsOf(study.id)]
    if (way === 'batched' && inBatch + items.length > perBatch) {
      batchId = journal.addBatch(planned, deviceId, `batch-${study.id}.tar`)
      inBatch = 0
    }
    inBatch += items.length
    journal.place(
      planned,
      items.map((item) => ({ item, key: pathText(item.path) ?? '', route: 'device', deviceId, batchId })),
    )
  }
  journal.finishPlan(planned)
  journal.close()
}

/** In a process of its own, so that CPU time and peak memory are the client's, and of loading alone. */
async function measureLoad(way: Way, folder: string, url: string): Promise<void> {
  const journal = openJournal(join(folder, `${way}.db`), world)
  const source = openFolderSource(join(folder, 'archive'), { patientKey: world.random.bytes(32), prefix: '' })
  const deviceId = journal.devices()[0]?.id ?? 0
  const client = deviceS3Client({ url, credentials })
  const target = openS3Target({ client, bucket, dialect: 'device', world })
  const before = process.cpuUsage()
  const begin = performance.now()
  let sent = 0
  const input = { lane: { route: 'device', deviceId } as const, source: () => source, target: () => target, journal, world }
  for await (const event of load(input, never)) {
    if (event.kind === 'trouble') throw event.fault
    if (event.kind === 'finished') sent = event.outcome.items
  }
  const seconds = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(before)
  await source.close()
  client.destroy()
  journal.close()
  const peakMemoryMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMemoryMiB, items: sent } satisfies Measured))
}
