/** Before a device leaves: every line of the checklist, whoever asks, from the command line or from the screen. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shipDevice, tickAll, tickShipCheck } from '../../main/engine/shipGate.ts'
import { parseMigrationConfig } from '../../shared/contract/migrationConfig.ts'
import type { BucketTold } from '../../shared/domain/posture.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { handChecks, shipConditions, type ShipFacts } from '../../shared/domain/shipGate.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld } from '../kit/world.ts'

const world = testWorld()
const by = { person: 'Ada Example', place: 'Dock 2', note: 'seal 4711' }
const found = {
  at: 5,
  person: 'Ada Example',
  seed: 'a',
  items: 1,
  bytes: 3,
  batches: 0,
  manifestSha256: 'ab'.repeat(32),
  leftBehindItems: 0,
  leftBehindBytes: 0,
  sampledItems: 1,
  sampledBytes: 3,
  differing: 0,
}
const nothingSet: Omit<BucketTold, 'bucket' | 'policy'> = {
  encryption: 'unset',
  isPublic: 'unset',
  publicAccessBlock: 'unset',
  ownership: 'unset',
  versioning: 'unset',
  objectLock: 'unset',
  accessLog: 'unset',
  uploadsEndAfter: 'unset',
}
let lane: PlannedLane
beforeEach(() => {
  policy = 'unset'
  lane = plannedLane(world, 'device', [{ path: 'a.dcm', size: 3, mtimeUs: 1 }])
  lane.journal.deviceOrdered(lane.device, 'JID-1')
  lane.journal.deviceState(lane.device, 'WithCustomer')
})
afterEach(() => lane.remove())

function device(): FleetRecord {
  const [one] = lane.journal.fleet()
  if (one === undefined) throw new Error('the plan has a device')
  return one
}

function loaded(): void {
  const [item] = lane.items.values()
  if (item === undefined) throw new Error('the plan has an item')
  lane.journal.sent([{ itemId: item.id, etag: 'e', versionId: undefined, sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }])
}

let policy: BucketTold['policy']
const gate = () => ({
  migration: { journal: lane.journal, world, config: parseMigrationConfig({ format: 1, region: 'us-east-1' }) },
  wiring: { sandbox: undefined, bucket: async (bucket: string) => ({ ...nothingSet, bucket, policy }) },
  signal: new AbortController().signal,
})
const ship = (loading = false): Promise<void> => shipDevice(gate(), device(), by, () => loading)
const inspected = (differing = 0): void => lane.journal.addInspection({ deviceId: lane.device, ...found, differing })

describe('the hand-over of a device', () => {
  test('names every open line at once, and records nothing', async () => {
    const before = [...lane.journal.events()].length
    await expect(ship(true)).rejects.toMatchObject({
      code: 'not-ready-to-ship',
      facts: { device: lane.device, notLoaded: 1, open: ['all-sent', 'no-load-running', 'inspected', ...handChecks].join(', ') },
    })
    expect([...lane.journal.events()]).toHaveLength(before)
    expect(lane.journal.custody(lane.device)).toEqual([])
  })

  test('is refused after an inspection that found a difference, even when nothing waits any more', async () => {
    loaded()
    inspected(1)
    tickAll(gate().migration, device(), 'Ada Example')
    await expect(ship()).rejects.toMatchObject({ code: 'not-ready-to-ship', facts: { open: 'inspected' } })
    inspected()
    tickAll(gate().migration, device(), 'Ada Example')
    await ship()
  })

  test('is refused with ticks that are older than the inspection', async () => {
    loaded()
    tickAll(gate().migration, device(), 'Ada Example')
    inspected()
    await expect(ship()).rejects.toMatchObject({ facts: { open: handChecks.join(', ') } })
  })

  test('is recorded once, with the digest of the bill of materials', async () => {
    loaded()
    inspected()
    tickAll(gate().migration, device(), 'Ada Example')
    await ship()
    await ship()
    const entries = lane.journal.custody(lane.device).filter(({ step }) => step === 'handed-over')
    expect(entries).toHaveLength(1)
    expect(JSON.stringify(entries)).toContain(found.manifestSha256)
  })

  test('takes a tick back, and no tick for what the journal knows', async () => {
    loaded()
    inspected()
    tickAll(gate().migration, device(), 'Ada Example')
    tickShipCheck(gate().migration, device(), { code: 'powered-off', person: 'Bob Example', done: false })
    await expect(ship()).rejects.toMatchObject({ facts: { open: 'powered-off' } })
    expect(() => tickShipCheck(gate().migration, device(), { code: 'inspected', person: 'Bob Example', done: true })).toThrow()
  })

  test('is refused while the policy of the bucket would turn the import away, and is not by one that cannot be asked for', async () => {
    loaded()
    inspected()
    tickAll(gate().migration, device(), 'Ada Example')
    const Statement = { Sid: 'Mfa', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::images/*' }
    const Condition = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }
    policy = { value: JSON.stringify({ Version: '2012-10-17', Statement: [{ ...Statement, Condition }] }) }
    await expect(ship()).rejects.toMatchObject({ code: 'policy-blocks-import', facts: { bucket: 'images', statements: 'Mfa' } })
    expect(lane.journal.custody(lane.device)).toEqual([])
    policy = { unasked: 's3:GetBucketPolicy' }
    await ship()
    expect(lane.journal.custody(lane.device)).toHaveLength(1)
  })

  test('of an empty device is possible once it was inspected: it has to go back', () => {
    const facts = { planned: 0, sent: 0, loading: false, differing: 0, ticked: new Set<string>(handChecks) }
    expect(shipConditions(facts).every(({ done }) => done)).toBe(true)
    expect(shipConditions({ ...facts, differing: undefined }).filter(({ done }) => !done)).toEqual([
      { code: 'inspected', byHand: false, done: false },
    ])
  })

  test('is never possible while anything is open', () => {
    const some = fc.record<ShipFacts>({
      planned: fc.nat(3),
      sent: fc.nat(3),
      loading: fc.boolean(),
      differing: fc.option(fc.nat(2), { nil: undefined }),
      ticked: fc.subarray([...handChecks]).map((codes) => new Set(codes)),
    })
    fc.assert(
      fc.property(some, (facts) => {
        const ready = shipConditions(facts).every(({ done }) => done)
        const whole = facts.planned === facts.sent && !facts.loading && facts.differing === 0 && facts.ticked.size === handChecks.length
        expect(ready).toBe(whole)
      }),
    )
  })
})
