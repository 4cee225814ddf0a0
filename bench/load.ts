/**
 * The same files sent to the same simulated S3 over HTTP by Firn in tar batches, by Firn one by one, by rclone and by aws s3 sync: items and bytes a second,
 * processor time of the client, its peak memory. node bench/load.ts [FILES=20000] [SIZE=100000] [FOLDER] [LATENCY]: prints JSON and lines.
 * LATENCY: milliseconds that every request waits at the S3 before it is looked at, as on a line to another city.
 * Client and S3 are two processes of one machine and share its cores and disk. Only ratios between the figures of one run travel.
 */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { deviceS3Client } from '../main/aws/clients.ts'
import { openS3Target } from '../main/aws/s3Target.ts'
import { realWorld } from '../main/engine/world.ts'
import { scan } from '../main/inventory/scan.ts'
import { createJournal, openJournal } from '../main/journal/openJournal.ts'
import { load } from '../main/load/load.ts'
import { deviceRegion } from '../main/sandbox/device/device.ts'
import { noFaults } from '../main/sandbox/http/faultHook.ts'
import { listen } from '../main/sandbox/http/server.ts'
import { onlyCredentials } from '../main/sandbox/http/signature.ts'
import { openObjects } from '../main/sandbox/s3/objectStore.ts'
import { createS3Service } from '../main/sandbox/s3/service.ts'
import { openFolderSource } from '../main/source/folderSource.ts'
import { defaultClutter } from '../shared/domain/archive.ts'
import { bytes, MiB } from '../shared/units/bytes.ts'
import { pathText } from '../shared/units/itemPath.ts'

type Measured = { readonly seconds: number; readonly cpuSeconds: number; readonly peakMemoryMiB: number; readonly items: number }
type Way = 'batched' | 'single'
type Peer = 'rclone' | 'aws'

const perBatch = 10_000
const bucket = 'bench'
const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'of-this-run-only' }
const never = new AbortController().signal
const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })

if (process.argv[2] === '--load')
  await measureLoad(process.argv[3] === 'batched' ? 'batched' : 'single', process.argv[4] ?? '', process.argv[5] ?? '')
else await compare(Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 100_000), process.argv[4], Number(process.argv[5] ?? 0))

async function compare(files: number, size: number, given: string | undefined, latency: number): Promise<void> {
  const folder = mkdtempSync(join(given === undefined || given === '' ? tmpdir() : given, 'firn-bench-load-'))
  try {
    writeArchive(join(folder, 'archive'), files, size)
    const ways: (readonly [string, Measured])[] = []
    for (const way of ['batched', 'single'] as const) {
      // Items above a part's size are never batched.
      if (way === 'batched' && size > 8 * MiB) continue
      await plan(folder, way)
      ways.push([
        way === 'batched' ? 'Firn, tar batches' : 'Firn, one by one',
        await against(folder, latency, (url) => loadByFirn(folder, way, url)),
      ])
    }
    for (const peer of ['rclone', 'aws'] as const) {
      if (spawnSync(peer, ['--version']).status !== 0) process.stdout.write(`${peer} is not installed here: not measured\n`)
      else
        ways.push([
          peer === 'rclone' ? 'rclone copy' : 'aws s3 sync',
          await against(folder, latency, (url) => sendByPeer(folder, peer, files, url)),
        ])
    }
    process.stdout.write(
      `${JSON.stringify({ bench: 'load', files, size, latency, cpus: cpus().length, ways: Object.fromEntries(ways) })}\n`,
    )
    for (const [name, { seconds, cpuSeconds, peakMemoryMiB, items }] of ways) {
      const gigabytes = (items * size) / 1e9
      process.stdout.write(
        `${name.padEnd(18)} ${Math.round(items / seconds)} items/s, ${Math.round((gigabytes * 1000) / seconds)} MB/s; client ${((cpuSeconds / items) * 1000).toFixed(2)} ms of CPU an item, ` +
          `${(cpuSeconds / gigabytes).toFixed(1)} s a GB; peak ${peakMemoryMiB} MiB\n`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeArchive(root: string, files: number, size: number): void {
  const piece = Buffer.alloc(Math.min(size, 16 * MiB), 'what an image holds is of no matter to a load ')
  for (let at = 0; at < files; at += 1) {
    const study = join(root, `study-${Math.floor(at / 200)}`)
    if (at % 200 === 0) mkdirSync(study, { recursive: true })
    const file = openSync(join(study, `${String(at).padStart(7, '0')}.dcm`), 'w')
    for (let written = 0; written < size; written += piece.length) {
      piece.writeUInt32LE(at)
      piece.writeUInt32LE(written / MiB, 4)
      writeSync(file, piece, 0, Math.min(piece.length, size - written))
    }
    closeSync(file)
  }
}

/** An S3 in this process, the client in another. */
async function against(folder: string, latency: number, send: (url: string) => Promise<Measured>): Promise<Measured> {
  const at = join(folder, 's3')
  const objects = openObjects(at, { clock: Date })
  objects.createBucket(bucket)
  const handle = createS3Service({
    objects,
    credentials: onlyCredentials(credentials.accessKeyId, credentials.secretAccessKey),
    region: deviceRegion,
    clock: Date,
    dialect: 'cloud',
    faults: noFaults,
  })
  const { port, close } = await listen({
    port: 0,
    host: '127.0.0.1',
    handle: async (request, response) => {
      await sleep(latency)
      await handle(request, response)
    },
  })
  try {
    return await send(`http://127.0.0.1:${port}`)
  } finally {
    await close()
    objects.close()
    rmSync(at, { recursive: true, force: true })
  }
}

async function loadByFirn(folder: string, way: Way, url: string): Promise<Measured> {
  const args = [fileURLToPath(import.meta.url), '--load', way, folder, url]
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'utf8' })
  return JSON.parse(stdout) as Measured
}

/** Both with their usual number of transfers raised to what serves them best here; bash tells the processor time of a child. */
async function sendByPeer(folder: string, peer: Peer, items: number, url: string): Promise<Measured> {
  const archive = join(folder, 'archive')
  const command =
    peer === 'rclone'
      ? `rclone copy ${archive} :s3:${bucket} --config /dev/null --s3-provider Other --s3-env-auth --s3-endpoint ${url} --s3-region ${deviceRegion} --s3-no-check-bucket --transfers 16 --checkers 16`
      : `aws s3 sync ${archive} s3://${bucket} --endpoint-url ${url} --only-show-errors`
  const env = {
    // Nothing else of this machine's own settings: proxies and certificates are no part of the measurement.
    PATH: process.env['PATH'],
    HOME: folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: deviceRegion,
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
  }
  const begin = performance.now()
  const child = spawn('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command}`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
  let peakMemoryMiB = 0
  const looking = setInterval(() => {
    peakMemoryMiB = Math.max(peakMemoryMiB, memoryOf(child.pid ?? 0))
  }, 100)
  const code = await new Promise((done) => child.once('close', done))
  clearInterval(looking)
  if (code !== 0) throw new Error(`${peer} ended with ${String(code)}: ${told.slice(-2000)}`)
  const seconds = (performance.now() - begin) / 1000
  const cpuSeconds = (told.trim().split('\n').at(-1) ?? '').split(' ').reduce((sum, part) => sum + Number(part.replace(',', '.')), 0)
  return { seconds, cpuSeconds, peakMemoryMiB, items }
}

/** Peak of the shell's one child. */
function memoryOf(shell: number): number {
  try {
    const [child] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
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
