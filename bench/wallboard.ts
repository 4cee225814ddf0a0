/**
 * Do fifty screens slow the copy? Hashing and copying a tree of files while nobody looks, and while 50 viewers get new figures each second.
 * node bench/wallboard.ts [SECONDS=10] [VIEWERS=50]: prints JSON and a line. The viewers run on this machine too, which no hospital's would: the
 * processor time of the wallboard's process is the figure that travels.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { systemClock, systemRandom } from '../main/engine/world.ts'
import { forkChild } from '../main/hosting/forkChild.ts'
import { openWallboard } from '../main/hosting/wallboard.ts'
import type { WallboardFigures } from '../shared/contract/wallboard.ts'

const fileBytes = 500_000
const copies = 200

if (isMainThread) await compare(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 50))
else copyFor(workerData as { readonly seconds: number; readonly folder: string })

async function compare(seconds: number, viewers: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'firn-bench-wallboard-'))
  const start = forkChild()
  let pid = 0
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const wallboard = await openWallboard({
    home,
    startChild: (name) => {
      const child = start(name)
      pid = child.pid ?? 0
      return child
    },
    world: { clock: systemClock, random: systemRandom, log: quiet },
    settings: { enabled: false, address: '127.0.0.1', port: 0, https: false },
  })
  try {
    for (let at = 0; at < copies; at += 1) writeFileSync(join(home, `item-${at}`), Buffer.alloc(fileBytes, at))
    const alone = await copied(seconds, home)
    const port = 20_000 + Math.floor(systemRandom.fraction() * 20_000)
    await wallboard.set({ enabled: true, address: '127.0.0.1', port, certificate: null }, {})
    const token = (await wallboard.pair('bench')).link.split('/').at(-1) ?? ''
    const stop = new AbortController()
    const heard = Array.from({ length: viewers }, () => watch(`http://127.0.0.1:${port}/events`, token, stop.signal))
    const teller = setInterval(() => wallboard.tell(figures()), 1000)
    const cpuBefore = cpuSeconds(pid)
    const watched = await copied(seconds, home)
    const cpu = cpuSeconds(pid) - cpuBefore
    clearInterval(teller)
    stop.abort()
    const events = (await Promise.all(heard)).reduce((sum, count) => sum + count, 0)
    const result = {
      viewers,
      MBs: { alone: Math.round(alone / 1e6), watched: Math.round(watched / 1e6) },
      ratio: Math.round((watched / alone) * 1000) / 1000,
      wallboardCpuShare: Math.round((cpu / seconds) * 10_000) / 10_000,
      eventsHeard: events,
    }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.stdout.write(
      `copy with ${viewers} viewers: ${result.ratio} of the copy alone; the wallboard takes ${result.wallboardCpuShare} of one core\n`,
    )
  } finally {
    await wallboard.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Bytes a second, read, hashed and written by a thread of its own. */
async function copied(seconds: number, folder: string): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { seconds, folder } })
  return new Promise((done, fail) => {
    worker.once('message', (bytes: number) => done(bytes / seconds))
    worker.once('error', fail)
  })
}

function copyFor({ seconds, folder }: { readonly seconds: number; readonly folder: string }): void {
  const end = performance.now() + seconds * 1000
  let bytes = 0
  for (let at = 0; performance.now() < end; at = (at + 1) % copies) {
    const body = readFileSync(join(folder, `item-${at}`))
    createHash('sha256').update(body).digest()
    writeFileSync(join(folder, 'copy'), body)
    bytes += body.length
  }
  parentPort?.postMessage(bytes)
}

async function watch(url: string, token: string, signal: AbortSignal): Promise<number> {
  let events = 0
  try {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
    for await (const chunk of answer.body ?? []) events += Buffer.from(chunk).toString('utf8').split('event: figures').length - 1
  } catch {
    // The end of the measurement.
  }
  return events
}

/** User and system time of a process so far (proc(5), stat, fields 14 and 15, in hundredths of a second). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function figures(): WallboardFigures {
  const amount = { items: 248_000_000, bytes: 126e12 }
  return {
    format: 'firn-wallboard',
    version: 1,
    at: systemClock.now(),
    state: 'running',
    since: null,
    rehearsal: false,
    title: 'Bench',
    inventory: amount,
    verified: amount,
    wrong: 0,
    waitingForPerson: 0,
    eta: null,
    lanes: [],
    modalities: Array.from({ length: 40 }, (_, at) => ({ modality: `M${at}`, items: at, verified: at })),
    devices: { planned: 0, onTheWay: 0, onSite: 0, loading: 0, travellingBack: 0, importing: 0, imported: 0, other: 0 },
    toLand: null,
    strip: { everyMs: 60_000, rates: Array.from({ length: 240 }, (_, at) => at * 1e6) },
    next: null,
  }
}
