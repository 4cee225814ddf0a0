/**
 * How much of a core's SHA-256 does reading keep? SHA-256 and CRC64NVME of many small files (readWhole) and of large ones (open, next), by one
 * reading thread, as a share of what `openssl speed` does on one core with SHA-256 alone.
 * node bench/hash.ts [SMALL_FILES=4000] [LARGE_MB=256] [FOLDER]: prints JSON and a line. Warm cache. Only ratios of one run travel to another machine.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runningCrc64 } from '../main/aws/crc64nvme.ts'
import { openFolderSource } from '../main/source/folderSource.ts'
import type { Expected, Source } from '../shared/ports/source.ts'
import { bytes, MiB } from '../shared/units/bytes.ts'
import { pathFromText } from '../shared/units/itemPath.ts'

type Rate = { readonly perSecond: number; readonly perCpuSecond: number }
type Planned = readonly [name: string, expected: Expected]

const smallSize = 100_000
const never = new AbortController().signal
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'firn-bench-hash-'))
try {
  const small = filesOf('small', Number(process.argv[2] ?? 4000), smallSize)
  const large = filesOf('large', 2, (Number(process.argv[3] ?? 256) * 1e6) / 2)
  const openssl = opensslRate()
  const source = openFolderSource(folder, { patientKey: Buffer.from('bench'), prefix: '', workers: 1 })
  await readAll(source, small.slice(0, 200))
  const whole = await measure(small, () => readAll(source, small))
  const parts = await measure(large, () => readInParts(source, large))
  await source.close()
  const crc = await crcRate()
  const mb = (rate: number): number => Math.round(rate / 1e6)
  const share = (rate: number): number => Math.round((rate / openssl) * 100) / 100
  const result = {
    bench: 'hash',
    cpus: cpus().length,
    opensslSha256MBs: mb(openssl),
    crc64nvmeMBs: mb(crc),
    // SHA-256 and CRC64NVME one after the other, with no reading at all: what two passes over the bytes cannot exceed.
    bothAtBestShare: share(1 / (1 / openssl + 1 / crc)),
    smallMBs: mb(whole.perSecond),
    smallMBsPerCpu: mb(whole.perCpuSecond),
    smallShare: share(whole.perSecond),
    largeMBs: mb(parts.perSecond),
    largeMBsPerCpu: mb(parts.perCpuSecond),
    largeShare: share(parts.perSecond),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.stdout.write(
    `hashing by one thread: ${small.length} files of 100 KB ${result.smallMBs} MB/s (${result.smallShare} of openssl's SHA-256), ` +
      `large files ${result.largeMBs} MB/s (${result.largeShare}); openssl ${result.opensslSha256MBs} MB/s, CRC64NVME alone ${result.crc64nvmeMBs} MB/s\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function filesOf(kind: string, count: number, size: number): Planned[] {
  const body = Buffer.alloc(size, 'what an image holds is of no matter to a digest ')
  return Array.from({ length: count }, (_, at) => {
    const name = `${kind}-${at}`
    body.writeUInt32LE(at)
    writeFileSync(join(folder, name), body)
    const stats = statSync(join(folder, name))
    return [name, { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000) }] as const
  })
}

/** Eight asked for at once, so that the thread never waits for this one. */
async function readAll(source: Source, files: readonly Planned[]): Promise<void> {
  const queue = files.values()
  const reader = async (): Promise<void> => {
    for (const [name, expected] of queue) {
      const { kind } = await source.readWhole(pathFromText(name), expected, never)
      if (kind !== 'read') throw new Error(`${name} is ${kind}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, reader))
}

async function readInParts(source: Source, files: readonly Planned[]): Promise<void> {
  for (const [name, expected] of files) {
    const reader = await source.open(pathFromText(name), expected, never)
    if ('kind' in reader) throw new Error(`${name} is ${reader.kind}`)
    while ((await reader.next(8 * MiB, never)) !== undefined);
    if ((await reader.finish()).kind !== 'read') throw new Error(`${name} changed`)
    await reader.close()
  }
}

async function measure(files: readonly Planned[], work: () => Promise<void>): Promise<Rate> {
  const total = files.reduce((sum, [, { size }]) => sum + size, 0)
  const before = process.cpuUsage()
  const begin = performance.now()
  await work()
  const took = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(before)
  return { perSecond: total / took, perCpuSecond: total / ((user + system) / 1e6) }
}

/** Bytes a second, over blocks of 1 MiB. */
function opensslRate(): number {
  const said = execFileSync('openssl', ['speed', '-mr', '-seconds', '3', '-evp', 'sha256', '-bytes', '1048576'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const rate = Number(
    said
      .split('\n')
      .find((line) => line.startsWith('+F:'))
      ?.split(':')
      .at(-1),
  )
  if (!(rate > 0)) throw new Error('openssl speed did not say a rate')
  return rate
}

async function crcRate(): Promise<number> {
  const crc = await runningCrc64()
  const block = Buffer.alloc(MiB, 'crc')
  crc.restart()
  const begin = performance.now()
  let blocks = 0
  for (; performance.now() - begin < 1000; blocks += 1) crc.update(block)
  crc.digest()
  return (blocks * MiB) / ((performance.now() - begin) / 1000)
}
