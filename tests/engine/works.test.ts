/** Works on a small rehearsal: beside each other, paused and resumed, cut off and gone on with, held by a limit, until everything is verified. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { shipDevice, tickAll } from '../../main/engine/shipGate.ts'
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
  const migration = newRehearsal(place.folder, 120)
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
  first.works.saveLimits({ ...noLimits, now: { rate: 3_000_000, until: null }, routes: ['device', 'share'] })
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
  expect(first.works.moved().device.bytes).toBeGreaterThan(0)
  // Neither paths nor names nor UIDs: a snapshot goes to every screen.
  expect(JSON.stringify(told)).not.toMatch(/IM\d{4}|\^|1\.2\.8|2\.25\./)
  expect(JSON.stringify(told)).not.toContain(place.folder)
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

  again.works.start({ kind: 'inspect', deviceId: device.id, person: 'Ada Lovelace', all: true })
  await again.reaches('inspect', 'done')
  const { session } = again
  expect(session.migration.journal.inspection(device.id)).toMatchObject({ differing: 0 })
  tickAll(session.migration, device, 'Ada Lovelace')
  await shipDevice({ migration: session.migration, wiring: session.wiring, signal: session.signal }, device, {
    person: 'Ada Lovelace',
    place: 'Loading dock',
    note: '',
  })
  await until(() => session.migration.journal.fleet().every((one) => one.state === 'Complete'), 'the device is imported')
  again.works.start({ kind: 'land' })
  again.works.start({ kind: 'verify', readBack: false })
  again.works.start({ kind: 'evidence', includePaths: false, zip: false })
  await again.reaches('evidence', 'done')
  expect(again.work('verify')).toMatchObject({ state: 'done', needsLook: false })
  expect(session.migration.journal.unverified().items).toBe(0)
  expect(again.notices.map((notice) => notice.kind)).toContain('verification-done')
})

test('a rehearsal does every step by itself; a limit of nothing holds it, and the queue behind it can be put in order', async () => {
  const rehearsal = await openRehearsal(newRehearsal(place.folder, 40))
  open = rehearsal
  const { works, session, snapshots } = rehearsal
  expect(snapshotSchema.parse(snapshots.latest()).migration).toMatchObject({ kind: 'rehearsal', awsFault: null, journal: { state: 'ok' } })
  works.saveLimits({ ...noLimits, now: { rate: 0, until: null } })
  works.start({ kind: 'rehearsal' })
  const scan = works.start({ kind: 'scan' })
  const verify = works.start({ kind: 'verify', readBack: false })
  works.move(verify, scan)
  expect(works.states().map((work) => `${work.kind} ${work.state}`)).toEqual(['rehearsal running', 'verify waiting', 'scan waiting'])
  works.cancel(scan)
  works.cancel(verify)
  works.clear()
  expect(works.states().map((work) => work.kind)).toEqual(['rehearsal'])

  await until(() => rehearsal.work('rehearsal').waitingFor === 'limit', 'the push is held')
  expect(rehearsal.work('rehearsal').stage).toBe('push')
  expect(session.migration.journal.laneTotals({ route: 'share' }).doneItems).toBe(0)
  await until(() => (snapshots.latest().migration?.lanes.length ?? 0) > 0, 'the lanes are counted')
  expect(snapshots.latest().migration?.lanes.find((lane) => lane.route === 'share')).toMatchObject({ limit: 0, limitUntil: null })
  expect(works.busy()).toBe(true)

  works.saveLimits(noLimits)
  await rehearsal.reaches('rehearsal', 'done')
  await until(() => snapshots.latest().migration?.next[0]?.code === 'done', 'nothing is left to do')
  const last = snapshotSchema.parse(snapshots.latest()).migration
  expect(last?.finishedAt).not.toBeNull()
  expect(last).toMatchObject({ awsFault: null, eta: null, devices: { imported: 1 }, needs: { verification: 0 } })
  expect(last?.awsReachedAt).toBeGreaterThan(0)
  expect(last?.totals.waiting.items).toBe(0)
  expect(works.busy()).toBe(false)
  expect(rehearsal.notices.map(({ kind }) => kind)).toContain('verification-done')
})
