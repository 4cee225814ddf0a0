/** A world for tests: time moves only when told to (or by itself while somebody sleeps), randomness is seeded, the log is kept. */
import { createHash } from 'node:crypto'
import type { Facts } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'

export type LogLine = { readonly level: 'info' | 'warn' | 'error'; readonly area: string; readonly code: string; readonly facts: Facts }
export type TestWorld = World & { readonly lines: LogLine[]; advance(ms: number): void }

/** `sleep` returns at once, having moved the clock on by as much: waiting costs no time. */
export function testWorld(options: { now?: number; seed?: string } = {}): TestWorld {
  let now = options.now ?? Date.UTC(2026, 10, 24, 12)
  let drawn = 0
  const seed = options.seed ?? 'firn'
  const draw = (count: number): Buffer => {
    const out: Buffer[] = []
    for (let length = 0; length < count; length += 32) out.push(createHash('sha256').update(`${seed}:${drawn++}`).digest())
    return Buffer.concat(out).subarray(0, count)
  }
  const lines: LogLine[] = []
  const write =
    (level: LogLine['level']) =>
    (area: string, code: string, facts: Facts = {}): void => {
      lines.push({ level, area, code, facts })
    }
  return {
    lines,
    advance(ms) {
      now += ms
    },
    clock: {
      now: () => now,
      monotonic: () => now,
      async sleep(ms, signal) {
        signal.throwIfAborted()
        now += ms
        await new Promise((resolve) => setImmediate(resolve))
        signal.throwIfAborted()
      },
    },
    random: {
      fraction: () => draw(4).readUInt32LE() / 2 ** 32,
      bytes: (count) => draw(count),
      uuid: () => {
        const hex = draw(16).toString('hex')
        return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
      },
    },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
  }
}
