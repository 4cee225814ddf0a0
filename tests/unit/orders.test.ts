/** Orders that AWS has taken: changed and cancelled while AWS lets them be, and the links by which shipments are followed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMigration, readConfig } from '../../main/engine/migrationFolder.ts'
import { cancelOrder, changeOrder, countryOf, roomForDevices, saveOrderSettings } from '../../main/engine/orders.ts'
import type { Work } from '../../main/engine/steps.ts'
import { parseMigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { trackingLink } from '../../shared/domain/trackingLink.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { OrderChange } from '../../shared/ports/deviceFleet.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const config = parseMigrationConfig({
  format: 1,
  region: 'us-east-1',
  snowball: {
    roleArn: 'arn:aws:iam::111122223333:role/Import',
    shippingOption: 'NEXT_DAY',
    address: { name: 'IT', street1: '1 Main Street', city: 'Seattle', postalCode: '98101', country: 'US', phoneNumber: '425-555-5555' },
  },
})

let lane: PlannedLane
let sent: (readonly [string, OrderChange])[]
let cancelled: string[]
beforeEach(() => {
  lane = plannedLane(testWorld(), 'device', [{ path: 'a', size: 1, mtimeUs: 1 }])
  lane.journal.deviceOrdered(lane.device, 'JID1')
  sent = []
  cancelled = []
})
afterEach(() => lane.remove())

function work(state: string, usage: () => Promise<{ limit: number; inUse: number }> = async () => ({ limit: 1, inUse: 0 })): Work {
  lane.journal.deviceState(lane.device, state)
  const fleet = {
    usage,
    address: async () => 'ADID1',
    change: async (job: string, to: OrderChange) => void sent.push([job, to]),
    cancel: async (job: string) => void cancelled.push(job),
    job: async () => ({ state: 'Cancelled' }),
  }
  return {
    migration: { journal: lane.journal, world: testWorld(), config },
    wiring: { fleet, jobs: new Map() },
    signal: never,
  } as unknown as Work
}

function device() {
  const [one] = lane.journal.fleet()
  if (one === undefined) throw new Error('there is a device')
  return one
}

const kinds = (): string[] => [...lane.journal.events()].map(({ kind }) => kind).filter((kind) => kind.startsWith('device-'))

describe('An order', () => {
  test('is changed to what the settings say now, and the log says who did it, before and after', async () => {
    const doing = work('New')
    await changeOrder(doing, device(), 'Ada Example')
    expect(sent).toEqual([
      [
        'JID1',
        { addressId: 'ADID1', roleArn: 'arn:aws:iam::111122223333:role/Import', shippingOption: 'NEXT_DAY', notifyTopicArn: undefined },
      ],
    ])
    expect(kinds()).toEqual(['device-change-intended', 'device-order-changed'])
  })

  test('is cancelled, and its new state is recorded', async () => {
    const doing = work('New')
    await cancelOrder(doing, device(), 'Ada Example')
    expect(cancelled).toEqual(['JID1'])
    expect(device().state).toBe('Cancelled')
  })

  test.each(['PreparingAppliance', 'WithCustomer', 'SomethingNew'])('that is %s can be neither, and the reason is said', async (state) => {
    const doing = work(state)
    for (const act of [changeOrder, cancelOrder])
      await expect(act(doing, device(), 'Ada Example')).rejects.toMatchObject({
        code: 'device-not-here',
        facts: { state, rule: expect.stringContaining('only while it is New') as unknown },
      })
    expect([sent, cancelled, kinds()]).toEqual([[], [], []])
  })

  test('is not changed to settings that AWS would refuse', async () => {
    const doing = work('New')
    const { snowball } = config
    const unfit = { ...config, snowball: { ...snowball, kmsKeyArn: 'alias/images' } }
    await expect(
      changeOrder({ ...doing, migration: { ...doing.migration, config: unfit as typeof config } }, device(), 'Ada Example'),
    ).rejects.toMatchObject({ code: 'order-unfit' })
    expect(sent).toEqual([])
  })
})

test('a plan hears how many devices the account may have, that it may have none, or that nobody said', async () => {
  expect(await roomForDevices(work('New'))).toEqual({ kind: 'known', limit: 1, inUse: 0 })
  const failing = (code: 'snowball-not-available' | 'aws-unreachable') => work('New', () => Promise.reject(new Fault(code)))
  expect(await roomForDevices(failing('snowball-not-available'))).toEqual({ kind: 'closed' })
  expect(await roomForDevices(failing('aws-unreachable'))).toEqual({ kind: 'unknown' })
})

describe('A shipment', () => {
  test('has a link where the number is of the form of a carrier that AWS ships by there', () => {
    expect(trackingLink('1Z999AA10123456784', 'US')).toBe('https://www.ups.com/track?tracknum=1Z999AA10123456784')
    expect(trackingLink('1Z999AA10123456784', 'DE')).toContain('ups.com')
  })

  test.each([
    ['1Z999AA10123456784', 'JP'],
    ['1Z999AA1012345678', 'US'],
    ['1Z999AA10123456784&x=1', 'US'],
    ['javascript:alert(1)', 'US'],
    [undefined, 'US'],
    ['1Z999AA10123456784', undefined],
  ])('has none for %s in %s', (number, country) => {
    expect(trackingLink(number, country)).toBeUndefined()
  })

  test('has none in a rehearsal, whose carrier is none', () => {
    expect(countryOf(config)).toBe('US')
    expect(countryOf({ ...config, rehearsal: {} as never })).toBeUndefined()
  })
})

describe('The order settings of a migration', () => {
  const { snowball } = config
  if (snowball === undefined) throw new Error('there are settings')

  test('are written into migration.json whole, beside what else is there, gone by at once, and logged without what is in them', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'firn-orders-')), 'migration')
    const migration = createMigration(folder, { name: 'Orders', kind: 'real', config: { ...config, ignore: ['*.tmp'] }, archives: [] }, {})
    try {
      saveOrderSettings(migration, { ...snowball, kmsKeyArn: `arn:aws:kms:us-east-1:111122223333:key/1`, address: { ...snowball.address, company: 'Clinic' } }, 'Ada Example') // prettier-ignore
      expect(migration.config.snowball?.address.company).toBe('Clinic')
      expect(readConfig(folder)).toMatchObject({ ignore: ['*.tmp'], region: 'us-east-1', snowball: { address: { company: 'Clinic' } } })
      const told = [...migration.journal.events()].at(-1)
      expect([told?.kind, told?.body]).toEqual(['order-settings-changed', '{"fields":"address.company, kmsKeyArn","person":"Ada Example"}'])
      saveOrderSettings(migration, migration.config.snowball ?? snowball, 'Ada Example')
      expect([...migration.journal.events()].at(-1)).toEqual(told)
      expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([])
    } finally {
      migration.close()
      rmSync(dirname(folder), { recursive: true })
    }
  })

  test('stay as they were when AWS would refuse the new ones', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'firn-orders-')), 'migration')
    const migration = createMigration(folder, { name: 'Orders', kind: 'real', config, archives: [] }, {})
    try {
      const before = readFileSync(join(folder, 'migration.json'), 'utf8')
      expect(() => saveOrderSettings(migration, { ...snowball, kmsKeyArn: 'alias/images' }, 'Ada Example')).toThrow(
        expect.objectContaining({ code: 'order-unfit' }) as Error,
      )
      expect(readFileSync(join(folder, 'migration.json'), 'utf8')).toBe(before)
      expect(migration.config.snowball).toEqual(snowball)
    } finally {
      migration.close()
      rmSync(dirname(folder), { recursive: true })
    }
  })
})
