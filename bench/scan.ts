/**
 * How fast is a scan? Items a second for many small files, first and again, beside `find -printf` and a plain read of the first 8 KiB.
 * node bench/scan.ts [FILES=100000] [FOLDER]: makes a synthetic archive in FOLDER (a temporary one unless given) and prints JSON and a line.
 * Warm cache: the archive has just been written. Only ratios between the figures of one run travel to another machine.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, lstatSync, mkdtempSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realWorld } from '../main/engine/world.ts'
import { scan } from '../main/inventory/scan.ts'
import { createJournal } from '../main/journal/openJournal.ts'
import { generateArchive } from '../main/sandbox/archive/generate.ts'
import { openFolderSource } from '../main/source/folderSource.ts'
import { defaultClutter } from '../shared/domain/archive.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

if (process.argv[2] === '--scan') await measureScan(process.argv[3] ?? '', process.argv[4] ?? '')
else await compare(Number(process.argv[2] ?? 100_000), process.argv[3])

async function compare(files: number, given: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(given ?? tmpdir(), 'firn-bench-scan-'))
  try {
    const archive = join(folder, 'archive')
    const making = generateArchive(archive, { instances: files, meanBytes: 3000, anomalies: false })
    while ((await making.next()).done !== true);

    const find = seconds(() => execFileSync('find', [archive, '-type', 'f', '-printf', '%p %s %T@ %i\n'], { maxBuffer: 2 ** 31 }))
    let counted = 0
    const plain = seconds(() => {
      counted = readBeginnings(archive)
    })
    const itself = fileURLToPath(import.meta.url)
    const measured = JSON.parse(
      execFileSync(process.execPath, [...process.execArgv, itself, '--scan', archive, folder], { encoding: 'utf8' }),
    ) as Measured
    const rate = (took: number): number => Math.round(counted / took)
    const result = {
      bench: 'scan',
      files: counted,
      cpus: cpus().length,
      findPerSecond: rate(find),
      plainReadPerSecond: rate(plain),
      firstScanPerSecond: rate(measured.first),
      secondScanPerSecond: rate(measured.second),
      firstToFind: round(find / measured.first),
      firstToPlainRead: round(plain / measured.first),
      peakMemoryMiB: measured.peakMemoryMiB,
    }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.stdout.write(
      `scan of ${counted} files: ${result.firstScanPerSecond}/s first, ${result.secondScanPerSecond}/s again; find ${result.findPerSecond}/s, ` +
        `plain read of 8 KiB ${result.plainReadPerSecond}/s; peak ${result.peakMemoryMiB} MiB\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Measured = { readonly first: number; readonly second: number; readonly peakMemoryMiB: number }

/** In a process of its own, so that peak memory is the scan's. Seconds of a first scan and of one that finds nothing new. */
async function measureScan(root: string, folder: string): Promise<void> {
  const world = realWorld(silent)
  const journal = createJournal(join(folder, 'journal.db'), world, { name: 'bench', kind: 'rehearsal' })
  const archive = journal.addArchive({ root, bucket: 'bench', prefix: '', clutter: defaultClutter })
  const took: number[] = []
  for (let run = 0; run < 2; run += 1) {
    const source = openFolderSource(root, { patientKey: world.random.bytes(32), prefix: '' })
    const begin = performance.now()
    for await (const event of scan({ archive, source, journal, world }, new AbortController().signal)) {
      if (event.kind === 'trouble') throw event.fault
    }
    took.push((performance.now() - begin) / 1000)
    await source.close()
  }
  journal.close()
  const [first = NaN, second = NaN] = took
  process.stdout.write(
    JSON.stringify({ first, second, peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) } satisfies Measured),
  )
}

/** The least any scanner must do: name, stat, and the first 8 KiB, in one thread with synchronous calls. */
function readBeginnings(root: string): number {
  const buffer = Buffer.alloc(8192)
  let files = 0
  const pending = [root]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (lstatSync(path).isDirectory()) {
        pending.push(path)
        continue
      }
      const file = openSync(path, 'r')
      readSync(file, buffer, 0, buffer.length, 0)
      closeSync(file)
      files += 1
    }
  }
  return files
}

function seconds(work: () => unknown): number {
  const begin = performance.now()
  work()
  return (performance.now() - begin) / 1000
}

function round(ratio: number): number {
  return Math.round(ratio * 100) / 100
}
