/** Works on a small rehearsal: beside each other, paused and resumed, cut off and gone on with, held by a limit, until everything is verified. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { shipDevice } from '../../main/engine/steps.ts'
import { snapshot as snapshotSchema, type Snapshot } from '../../shared/contract/snapshot.ts'
import { noLimits } from '../../shared/contract/limits.ts'
import { scratch } from '../kit/firn.ts'
import { newRehearsal, openRehearsal, planAndOrder, until, type OpenRehearsal } from './worksKit.ts'

const place = scratch('works')
let open: OpenRehearsal | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})
afterAll(() => place.remove())

/** How often a load of a device has begun, and what each that finished had to send again. */
function loads({ session }: OpenRehearsal): { readonly begun: number; readonly resent: readonly number[] } {
  const events = [...session.migration.journal.events()]
  const facts = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>
  return {
    begun: events.filter((event) => event.kind === 'load-started').length,
    resent: events.filter((event) => event.kind === 'load-finished').map((event) => Number(facts(event.body)['bytesResent'])),
  }
}

test('a person moves an archive: load and push at once, paused, closed in the middle, gone on with, to all verified', async () => {
  const migration = newRehearsal(place.folder, 150)
  const first = await openRehearsal(migration)
  open = first
  const told: Snapshot[] = []
  first.snapshots.watch((snapshot) => told.push(snapshot))
  await planAndOrder(first)

  // Tracking begins by itself, and the delivery is told.
  await until(() => first.notices.some((notice) => notice.kind === 'device-delivered'), 'the device is delivered')
  const [device] = first.session.migration.journal.fleet()
  if (device === undefined) throw new Error('no device was planned')

  // So slow that a stop falls within; the share does not wait for the device.
  first.works.saveLimits({ ...noLimits, now: { rate: 2_000_000, until: null }, routes: ['device', 'share'] })
  const load = first.works.start({ kind: 'load', deviceId: device.id })
  first.works.start({ kind: 'push' })
  expect(first.works.start({ kind: 'load', deviceId: device.id })).toBe(load)
  await until(() => first.work('load').state === 'running' && first.work('push').state === 'running', 'both run')
  const sentItems = (): number => first.session.migration.journal.laneTotals({ route: 'device', deviceId: device.id }).doneItems
  await until(() => sentItems() > 0, 'something is on the device')
  first.works.pause(load)
  await first.reaches('load', 'paused')
  const sent = sentItems()
  const { items } = first.session.migration.journal.laneTotals({ route: 'device', deviceId: device.id })
  expect(sent).toBeLessThan(items)
  await first.reaches('push', 'running', 'done')

  first.works.resume(load)
  await until(() => sentItems() > sent, 'it goes on')
  expect(first.work('load').state).toBe('running')
  for (const one of told) snapshotSchema.parse(one)
  await first.close()

  const again = await openRehearsal(migration)
  open = again
  expect(again.works.states().map((work) => work.kind)).toContain('load')
  again.works.saveLimits(noLimits)
  await again.reaches('load', 'done')
  if (again.works.states().some((work) => work.kind === 'push')) await again.reaches('push', 'done')
  const { begun, resent } = loads(again)
  expect(begun).toBeGreaterThanOrEqual(3)
  // What was confirmed was not sent again, but for the parts that were under way at each stop.
  expect(Math.max(...resent)).toBeLessThanOrEqual(2 * 2 * 1_600_000)

  const watch = (): never => {
    throw new Error('shipping has no stage')
  }
  const { session } = again
  await shipDevice({ migration: session.migration, wiring: session.wiring, signal: session.signal, watch }, device, {
    person: 'Ada Lovelace',
    place: 'Loading dock',
    note: '',
  })
  await until(() => session.migration.journal.fleet().every((one) => one.state === 'Complete'), 'the device is imported')
  again.works.start({ kind: 'land' })
  again.works.start({ kind: 'verify', readBack: false })
  again.works.start({ kind: 'evidence', includePaths: false })
  await again.reaches('evidence', 'done')
  expect(again.work('verify')).toMatchObject({ state: 'done', needsLook: false })
  expect(session.migration.journal.unverified().items).toBe(0)
  expect(again.notices.map((notice) => notice.kind)).toContain('verification-done')
})
