/** A whole rehearsal through the engine's process, by the calls that a screen makes, from an empty home to evidence that is checked. Also with the power cut. */
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { DeviceRow } from '../../shared/contract/calls/devices.ts'
import { noLimits } from '../../shared/contract/limits.ts'
import { begunEngine, type EngineProcess } from '../kit/engineProcess.ts'
import { scratch } from '../kit/firn.ts'

const place = scratch('app-whole')
afterAll(() => place.remove())

const person = 'Ada Example'
const instances = 60
/** The device is on site within seconds. */
const speed = 600_000

async function scanned(engine: EngineProcess): Promise<void> {
  expect(await engine.over('prepare')).toMatchObject({ state: 'done' })
  expect(await engine.work({ kind: 'scan' })).toMatchObject({ state: 'done' })
}

/** Older studies by device, newer ones through the share. */
async function planned(engine: EngineProcess): Promise<void> {
  const { studies } = await engine.ask('explorer.count', {})
  expect(studies).toBeGreaterThan(1)
  const dates = (await engine.ask('explorer.studies', { limit: 500 })).rows.flatMap(({ studyDate }) => studyDate ?? [])
  const middle = dates.toSorted()[Math.floor(dates.length / 2)] ?? ''
  const answers = { division: { kind: 'by-study-date', deviceBefore: middle } }
  expect(await engine.work({ kind: 'plan', answers })).toMatchObject({ state: 'done', needsLook: false })
  const plan = await engine.ask('plan.current', {})
  expect(plan).toMatchObject({ approvedBy: null, devices: [{ ordinal: 1 }] })
  await engine.ask('plan.approve', { planId: plan?.id ?? 0, person })
  expect(await engine.ask('plan.current', {})).toMatchObject({ approvedBy: person })
}

async function device(engine: EngineProcess): Promise<DeviceRow> {
  const [first] = (await engine.ask('devices.list', {})).devices
  if (first === undefined) throw new Error('the plan has no device')
  return first
}

async function onSite(engine: EngineProcess): Promise<DeviceRow> {
  await engine.ask('devices.track', {})
  await engine.until(({ migration }) => migration?.devices.onSite === 1 || migration?.devices.loading === 1)
  return device(engine)
}

async function shipped(engine: EngineProcess, deviceId: number): Promise<void> {
  expect(await engine.work({ kind: 'inspect', deviceId, person })).toMatchObject({ state: 'done', needsLook: false })
  const { checklist, inspection } = await engine.ask('devices.detail', { deviceId })
  expect(inspection).toMatchObject({ person, differing: 0 })
  for (const { code } of checklist.filter(({ byHand }) => byHand)) await engine.ask('devices.check', { deviceId, code, person, done: true })
  await engine.ask('devices.ship', { deviceId, person, place: 'Dock 2', note: 'seal 4711' })
}

async function landedAndVerified(engine: EngineProcess): Promise<void> {
  expect(await engine.work({ kind: 'land' })).toMatchObject({ state: 'done', needsLook: false })
  await engine.until(({ migration }) => migration?.devices.imported === 1)
  expect(await engine.work({ kind: 'verify' })).toMatchObject({ state: 'done', needsLook: false })
  const { counts, unverified } = await engine.ask('verification.summary', {})
  expect(unverified.items).toBe(0)
  expect(counts.verified).toBeGreaterThan(instances * 0.9)
}

describe('a rehearsal through the engine, step by step as a screen asks for it', () => {
  test('ends verified, says no to what is out of order, and keeps who did what', async () => {
    const engine = await begunEngine(join(place.folder, 'home'))
    const { id, label } = await engine.ask('migrations.rehearse', { instances, seed: 3, speed })
    expect(await engine.refused('plan.approve', { planId: 1, person })).toBe('wrong-order')
    await scanned(engine)
    expect(await engine.refused('devices.order', { person })).toBe('wrong-order')
    await planned(engine)
    expect(await engine.refused('plan.approve', { planId: 999, person })).toBe('wrong-order')
    expect(await engine.refused('devices.unlockCode', { deviceId: 1, person })).toBe('device-not-here')
    expect(await engine.refused('devices.replan', { deviceId: 1, cause: 'full', to: null, person })).toBe('device-not-here')

    // Twice at once is one order.
    const orders = await Promise.all([engine.ask('devices.order', { person }), engine.ask('devices.order', { person })])
    expect(orders.map(({ ordered }) => ordered.length).toSorted()).toEqual([0, 1])
    const pushing = engine.work({ kind: 'push' })

    const { id: deviceId, allowed } = await onSite(engine)
    expect(allowed).toContain('load')
    const { code, manifestUri } = await engine.ask('devices.unlockCode', { deviceId, person })
    expect(manifestUri).toMatch(/^http:\/\/127\.0\.0\.1/)
    expect(await engine.refused('devices.ship', { deviceId, person })).toBe('not-ready-to-ship')
    expect(await engine.refused('devices.addCustody', { deviceId, step: 'handed-over', person })).toBe('wrong-order')
    expect(await engine.refused('devices.check', { deviceId, code: 'all-sent', person, done: true })).toBe('bad-input')
    expect(await engine.refused('devices.cancel', { deviceId, person })).toBe('device-not-here')
    await engine.ask('devices.addCustody', { deviceId, step: 'received', person, place: 'Dock 2', note: '' })
    expect(await pushing).toMatchObject({ state: 'done', needsLook: false })
    expect(await engine.work({ kind: 'load', deviceId })).toMatchObject({ state: 'done', needsLook: false })

    const share = await engine.ask('share.state', {})
    expect(share).toMatchObject({ share: { status: 'AVAILABLE' }, fault: null, guard: { state: 'idle' } })
    expect(share.pushed.items).toBe(share.planned.items)
    const loaded = await engine.ask('devices.detail', { deviceId })
    expect(loaded.sent).toEqual(loaded.planned)
    expect(loaded.timeline.find(({ current }) => current)).toMatchObject({ state: 'WithCustomer' })
    expect(loaded.checklist.filter(({ byHand, done }) => !byHand && !done).map(({ code }) => code)).toEqual(['inspected'])
    expect(await engine.refused('devices.ship', { deviceId, person })).toBe('not-ready-to-ship')
    await shipped(engine, deviceId)
    await landedAndVerified(engine)

    const imported = await engine.ask('devices.detail', { deviceId })
    expect(imported).toMatchObject({ state: 'Complete', allowed: ['read-logs', 'verify'], onSite: null })
    expect(imported.verified).toEqual(imported.planned)
    expect(imported.custody.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['ordered', 'received', 'loading', 'loaded', 'handed-over', 'imported']),
    )
    const handedOver = imported.custody.find(({ step }) => step === 'handed-over')
    expect(handedOver).toMatchObject({ person, place: 'Dock 2' })
    expect(handedOver).toMatchObject({ note: 'seal 4711', said: { code: 'bill' } })
    expect(imported.custodyWhole).toBe(true)

    const events = await engine.ask('events.page', { kinds: ['unlock-code-shown', 'plan-approved', 'device-handed-over'], limit: 500 })
    expect(events.rows.map(({ facts }) => facts['person'])).toEqual([person, person, person])
    expect(readFileSync(join(label, 'journal.db')).includes(code)).toBe(false)
    expect(readFileSync(join(label, 'firn.log'), 'utf8')).not.toContain(code)

    expect(await engine.work({ kind: 'evidence' })).toMatchObject({ state: 'done' })
    await checkedEvidence(engine, join(label, 'evidence'))
    await supportBundle(engine, label)
    expect((await engine.ask('diagnostics.checkup', {})).steps.filter(({ state }) => state !== 'good')).toEqual([])
    expect(await engine.ask('migrations.summary', {})).toMatchObject({ id, kind: 'rehearsal', archives: 1 })
    expect(await engine.end()).toBe(0)
  })

  test('killed while it pushes and while it loads, goes on by itself and ends verified', async () => {
    const home = join(place.folder, 'killed')
    let engine = await begunEngine(home)
    const { id } = await engine.ask('migrations.rehearse', { instances, seed: 4, speed })
    await scanned(engine)
    await planned(engine)
    await engine.ask('devices.order', { person })
    // So slow that the kill falls within.
    await engine.ask('limits.save', { ...noLimits, now: { rate: 3_000_000, until: null }, routes: ['device', 'share'] })
    const startAndKill = async (toStart: { kind: 'push' } | { kind: 'load'; deviceId: number }): Promise<void> => {
      await engine.ask('works.start', toStart)
      await engine.until(
        ({ migration }) => migration?.works.some(({ kind, state }) => kind === toStart.kind && state === 'running') ?? false,
      )
      engine.child.kill('SIGKILL')
      expect(await engine.ended).toBe('SIGKILL')
      engine = await begunEngine(home, id)
      expect(await engine.over(toStart.kind)).toMatchObject({ state: 'done' })
    }
    await startAndKill({ kind: 'push' })
    const { id: deviceId } = await onSite(engine)
    await startAndKill({ kind: 'load', deviceId })
    await shipped(engine, deviceId)
    await landedAndVerified(engine)
    expect(await engine.ask('events.check', {})).toMatchObject({ whole: true })
    expect(await engine.end()).toBe(0)
  })
})

async function checkedEvidence(engine: EngineProcess, folder: string): Promise<void> {
  const { bundles, signingKey } = await engine.ask('evidence.list', {})
  const [made] = bundles
  if (made === undefined) throw new Error('no bundle was made')
  const { bundle } = made
  expect(made).toMatchObject({ whole: null, withPaths: false, signedBy: signingKey })
  expect(signingKey).toMatch(/^[0-9a-f]{64}$/)
  expect(made.files.map(({ name }) => name)).toContain('data/report.html')
  expect(await engine.ask('evidence.check', { bundle })).toEqual({ whole: true, differing: [] })
  expect((await engine.ask('evidence.list', {})).bundles[0]?.whole).toBe(true)
  expect(await engine.refused('evidence.check', { bundle: '../migration.json' })).toBe('bad-input')

  // Somebody changes a row, adds a file, and makes the manifest fit what is there now.
  const items = join(folder, bundle, 'data', 'items.csv')
  const manifest = join(folder, bundle, 'manifest-sha256.txt')
  const [rows, sums] = [readFileSync(items), readFileSync(manifest)]
  appendFileSync(items, 'one more row\r\n')
  writeFileSync(join(folder, bundle, 'extra.txt'), 'not of Firn')
  expect(await engine.ask('evidence.check', { bundle })).toEqual({ whole: false, differing: ['data/items.csv', 'extra.txt'] })
  writeFileSync(items, rows)
  writeFileSync(manifest, `${sums.toString()}${'0'.repeat(64)}  extra.txt\n`)
  expect((await engine.ask('evidence.check', { bundle })).differing).toEqual(['manifest-sha256.txt', 'extra.txt'])

  // Then makes the tag manifest fit too: neither the signature nor the event log knows it.
  const tags = join(folder, bundle, 'tagmanifest-sha256.txt')
  const forged = createHash('sha256').update(readFileSync(manifest)).digest('hex')
  writeFileSync(tags, readFileSync(tags, 'utf8').replace(/^[0-9a-f]{64}(?= {2}manifest-sha256.txt$)/m, forged))
  expect((await engine.ask('evidence.check', { bundle })).differing).toContain('tagmanifest-sha256.txt.sig')
  expect((await engine.ask('evidence.check', { bundle })).differing).toContain('tagmanifest-sha256.txt')
}

/** What a person reads before it is saved: no paths, no names, no keys, also where a log holds what it never should. */
async function supportBundle(engine: EngineProcess, folder: string): Promise<void> {
  const line = (facts: object, code = 'trouble') =>
    `${JSON.stringify({ at: '2026-11-24T12:00:00.000Z', level: 'warn', area: 'stage', code, facts })}\n`
  appendFileSync(join(folder, 'firn.log'), line({ patient: 'MUSTERMANN^ERIKA', path: '/pacs/mustermann/ct', fault: 'disk-full', item: 7 }))
  appendFileSync(join(folder, 'firn.log'), line({ mustermannErika: 1, code: 'mustermann' }))
  appendFileSync(join(folder, 'firn.log'), line({}, 'Mustermann Erika'))
  appendFileSync(join(folder, 'firn.log'), 'Mustermann, Erika, born 1964-08-12\n')
  const { files } = await engine.ask('diagnostics.supportBundle', {})
  expect(files.map(({ name }) => name)).toEqual([
    'about.json',
    'doctor.json',
    'engine.ndjson',
    'settings.json',
    'figures.json',
    'events.json',
    'migration.ndjson',
  ])
  const text = files.map((file) => file.text).join('\n')
  expect(text).toContain('"fault":"disk-full","item":7')
  expect(text).toContain('{"passedOver":2}')
  expect([...text.matchAll(/mustermann|erika|pacs|Ada Example|Dock 2|4711|AKIA|arn:|Synthetic/gi)].map(([word]) => word)).toEqual([])
  expect(text.includes(folder)).toBe(false)
}
