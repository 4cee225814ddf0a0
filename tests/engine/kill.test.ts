/** Power cuts: a rehearsal is killed at random moments and started again, and ends as if nothing had happened. */
import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { lookInto } from '../../main/engine/migrationFolder.ts'
import { startSandbox } from '../../main/sandbox/start.ts'
import { firn, scratch, startFirn, summaryOf, type Ended } from '../kit/firn.ts'

const kills = Number(process.env['FIRN_KILLS'] ?? 20)
const instances = 250
const place = scratch('kill')
afterAll(() => place.remove())

const rehearsal = (folder: string): readonly string[] => [
  'rehearse',
  '--into',
  folder,
  '--instances',
  String(instances),
  '--json',
  '--quiet',
]

test(`killed at ${kills} random moments, a rehearsal ends with the same evidence, and sends no item twice`, async () => {
  const undisturbed = await firn(rehearsal(join(place.folder, 'undisturbed')))
  expect(undisturbed.exitCode, undisturbed.stderr).toBe(0)
  const tookMs = summaryOf(undisturbed)['tookMs'] as number

  let left = kills
  for (let round = 1; left > 0; round += 1) {
    const folder = join(place.folder, `killed-${round}`)
    const moments: number[] = []
    let last: Ended | undefined
    // Each start gets a little further; the moments are spread so that all of the work is hit.
    while (left > 0 && last === undefined) {
      const running = startFirn(rehearsal(folder))
      const moment = randomInt(50, Math.max(Math.round(tookMs * 0.4), 1500))
      const over = await Promise.race([running.ended, delay(moment)])
      if (over !== undefined) {
        last = over
        break
      }
      running.child.kill('SIGKILL')
      await running.ended
      moments.push(moment)
      left -= 1
    }
    last ??= await firn(rehearsal(folder))
    expect(last.exitCode, `killed after ${moments.join(', ')} ms\n${last.stdout}${last.stderr}`).toBe(0)
    await expectAsUndisturbed(folder, last, undisturbed)
    rmSync(folder, { recursive: true, force: true })
  }
})

async function expectAsUndisturbed(folder: string, last: Ended, undisturbed: Ended): Promise<void> {
  expect(fingerprintOf(last)).toBe(fingerprintOf(undisturbed))
  expect(summaryOf(last)['planted']).toMatchObject({ same: true })
  const { journal } = lookInto(join(folder, 'migration'))
  expect(journal.checkChain()).toMatchObject({ whole: true })
  journal.close()

  const sandbox = await startSandbox({
    folder: join(folder, 'migration/sandbox'),
    buckets: [],
    shareBucket: 'rehearsal-imaging-archive',
    sharePrefix: '',
  })
  const { puts } = await sandbox.stats()
  await sandbox.close()
  expect(puts.completed.device).toBeGreaterThan(0)
  // What the gateway uploads again of a file that it had seen half-written is its own affair.
  expect(puts.repeated.filter(({ place: by }) => by.startsWith('device') || by.startsWith('link'))).toEqual([])
}

function fingerprintOf(ended: Ended): unknown {
  const evidence = summaryOf(ended)['evidence'] as { summary: { contentFingerprint: unknown } }
  return evidence.summary.contentFingerprint
}
