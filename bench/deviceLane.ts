/**
 * The device lane rehearsed at size, with all that goes wrong on it (tests/kit/deviceLane.ts): 60,000 items of 20 to 200 KB and two of 1.2 GB on three
 * devices in two waves, one of which dies and one is full early; two batches are repaired. `node bench/deviceLane.ts 0.1` takes a tenth. Takes 25 GB.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatBytes } from '../shared/units/bytes.ts'
import { rehearseDeviceLane, requireNothingLost } from '../tests/kit/deviceLane.ts'

const part = Number(process.argv[2] ?? '1')
const scale = {
  studies: Math.max(Math.round(600 * part), 30),
  perStudy: 100,
  large: 2,
  largeBytes: Math.round(1_200_000_000 * part),
  deviceBytes: Math.round(4_000_000_000 * part),
  tarBytes: Math.round(Math.max(100_000_000 * part, 2_000_000)),
}
const folder = mkdtempSync(join(tmpdir(), 'firn-device-lane-'))
const free = (): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
const freeBefore = free()
let most = 0
const looking = setInterval(() => (most = Math.max(most, freeBefore - free())), 1000)
let [step, since] = ['', performance.now()]
const ended = (next: string): void => {
  if (step !== '') process.stdout.write(`${((performance.now() - since) / 1000).toFixed(1).padStart(8)} s  ${step}\n`)
  ;[step, since] = [next, performance.now()]
}
try {
  await rehearseDeviceLane(folder, scale, ended, (seen) => {
    ended('')
    requireNothingLost(seen)
    const { files, dead, sentToDead, full, repaired, lastLook } = seen
    process.stdout.write(
      [
        `${files} items: all ${lastLook.counts.verified} verified`,
        `device 1 died with ${sentToDead} items on it; ${dead.items} items, ${formatBytes(dead.bytes)} planned anew onto a replacement`,
        `device 2 was full early; ${full.items} items, ${formatBytes(full.bytes)} went over the link`,
        `two batches were not extracted; ${repaired.items} items, ${formatBytes(repaired.bytes)} repaired`,
        `disk at most ${formatBytes(most)}; memory at most ${formatBytes(process.resourceUsage().maxRSS * 1024)}, the simulated AWS included`,
        '',
      ].join('\n'),
    )
  })
} finally {
  clearInterval(looking)
  rmSync(folder, { recursive: true, force: true })
}
