/** Two Firns on one migration: the second is refused and changes nothing, looking is always allowed, and a killed one blocks nobody. */
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { firn, scratch, shows, startFirn, summaryOf } from '../kit/firn.ts'
import { contentsOf, done, expectWholeChain, refused } from './failuresKit.ts'

const place = scratch('failures-held')
afterAll(() => place.remove())

test('the second is told who works; status looks beside it; after kill -9 the next works at once', async () => {
  const folder = join(place.folder, 'rehearsal')
  const migration = join(folder, 'migration')
  const late = join(place.folder, 'late.json')
  // Seconds in transit even on a busy machine, at a week of the rehearsal in each.
  writeFileSync(late, JSON.stringify({ rest: [{ kind: 'device-late', days: 50 }] }))
  const command = ['rehearse', '--instances', '60', '--into', folder, '--fault-plan', late, '--json']
  const first = startFirn(command)
  await shows(first, 'Device 1: InTransitToCustomer')
  // Held still, so that what changes from here on was changed by another.
  first.child.kill('SIGSTOP')
  try {
    const before = contentsOf(migration)
    for (const other of [['scan'], ['push'], ['order', '--person', 'Ada Lovelace'], ['doctor'], ['report']]) {
      const facts = await refused('journal-held', 6, [...other, '-m', migration])
      expect(facts).toMatchObject({ host: hostname(), pid: first.child.pid })
      expect(facts['endsInSeconds']).toBeLessThanOrEqual(60)
    }
    await refused('journal-held', 6, command.slice(0, -1))
    expect(contentsOf(migration)).toEqual(before)
    expect(await done('status', '-m', migration)).toMatchObject({ kind: 'rehearsal', next: 'wait-for-device' })
  } finally {
    first.child.kill('SIGKILL')
  }
  expect((await first.ended).signal).toBe('SIGKILL')
  await done('scan', '-m', migration)
  const ended = await firn(command)
  expect(ended.exitCode, ended.stderr).toBe(0)
  expect(summaryOf(ended)).toMatchObject({ verification: { allVerified: true } })
  expectWholeChain(migration)
})
