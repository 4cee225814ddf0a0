/** Devices for the stand-in: one of each stage, and the one on site in detail. */
import type { Answer } from '../../shared/contract/bridge.ts'
import type { DeviceRow } from '../../shared/contract/calls/devices.ts'
import { shipChecklist } from '../../shared/domain/shipGate.ts'
import { allowedActions, importPath } from '../../shared/lifecycle/deviceLifecycle.ts'

const hour = 3_600_000
const day = 24 * hour
const usable = 210e12

export function aDevice(ordinal: number, state: string, changes: Partial<DeviceRow> = {}): DeviceRow {
  return {
    id: ordinal,
    ordinal,
    wave: 1,
    jobId: state === 'planned' ? null : `JID00000000-0000-4000-8000-00000000000${String(ordinal)}`,
    state,
    snowballType: 'V3_5S',
    capacity: 'T240',
    usable,
    planned: { items: 26_000_000, bytes: 13.2e12 },
    sent: { items: 0, bytes: 0 },
    verified: { items: 0, bytes: 0 },
    onSite: null,
    alerts: [],
    allowed: [...allowedActions(state)],
    ...changes,
  }
}

const whole = { items: 26_000_000, bytes: 13.2e12 }

export function aFleet(changes: Partial<Answer<'devices.list'>> = {}): Answer<'devices.list'> {
  return {
    devices: [
      aDevice(1, 'Complete', { sent: whole, verified: { items: 25_999_997, bytes: 13.1e12 } }),
      aDevice(2, 'InProgress', { sent: whole }),
      aDevice(3, 'WithCustomer', {
        sent: { items: 21_400_000, bytes: 10.9e12 },
        onSite: { days: 13.4, included: 15 },
        alerts: [{ code: 'on-site-ending', days: 1 }],
      }),
      aDevice(4, 'InTransitToCustomer', { wave: 2 }),
      aDevice(5, 'New', { wave: 2 }),
      aDevice(6, 'WithAWSRegionalHub', { wave: 2, sent: whole }),
      aDevice(7, 'planned', { wave: 3 }),
      aDevice(8, 'planned', { wave: 3 }),
    ],
    usage: { limit: 6, inUse: 5 },
    askedAt: Date.now() - 4000,
    ...changes,
  }
}

const letters = `${'p'.repeat(400)}${'d'.repeat(1250)}${'s'.repeat(6)}${'w'.repeat(744)}`

type CustodyEntry = Answer<'devices.detail'>['custody'][number]

function aCustodyEntry(number: number, of: Partial<CustodyEntry> & Pick<CustodyEntry, 'at' | 'step' | 'person'>): CustodyEntry {
  const nothing = {
    place: '',
    from: '',
    to: '',
    note: '',
    said: null,
    attachments: [],
    corrects: null,
    correctedBy: null,
    mayCorrect: false,
  }
  return { number, enteredAt: of.at, ...nothing, ...of }
}

/** The third device: on site, being loaded, its checklist half done. */
export function aDeviceInDetail(changes: Partial<Answer<'devices.detail'>> = {}): Answer<'devices.detail'> {
  const now = Date.now()
  const delivered = now - 13 * day
  const reached = [-41, -40, -38, -36, -13].map((days) => now + days * day)
  return {
    ...aDevice(3, 'WithCustomer', { sent: { items: 21_400_000, bytes: 10.9e12 }, onSite: { days: 13.4, included: 15 } }),
    timeline: importPath.map((state, at) => ({
      state,
      at: reached[at] ?? null,
      expected: at < 5 ? null : { low: now + (at - 3) * day, high: now + (at - 1) * 2 * day },
      current: state === 'WithCustomer',
    })),
    outbound: {
      status: 'Delivered',
      trackingNumber: '1Z999AA10123456784',
      trackingLink: 'https://www.ups.com/track?tracknum=1Z999AA10123456784',
    },
    inbound: { status: null, trackingNumber: null, trackingLink: null },
    custody: [
      aCustodyEntry(1, { at: now - 41 * day, step: 'ordered', person: 'M. Arslan', said: { code: 'job', job: 'JID-3' } }),
      aCustodyEntry(2, { at: delivered, step: 'received', person: 'J. Webber', place: 'Goods entrance, gate 2', correctedBy: 3 }),
      aCustodyEntry(3, { at: delivered + hour / 2, step: 'correction', person: 'J. Weber', note: 'Name misspelt.', corrects: 2 }),
      aCustodyEntry(4, {
        at: delivered,
        enteredAt: delivered + hour / 2,
        step: 'received',
        person: 'J. Weber',
        place: 'Goods entrance, gate 2',
        from: 'UPS',
        note: 'Seals whole, no dents.',
        mayCorrect: true,
      }),
      aCustodyEntry(5, { at: delivered + 2 * hour, step: 'unlocked', person: 'M. Arslan', place: 'Server room B', mayCorrect: true }),
      aCustodyEntry(6, { at: delivered + 3 * hour, step: 'loading', person: 'Firn' }),
    ],
    custodyWhole: true,
    import: null,
    batches: { letters, perLetter: 2, count: 4800, done: 3300 },
    alone: { items: 412, bytes: 2.4e12, doneItems: 388, doneBytes: 2.1e12 },
    inspection: null,
    access: { endpoint: 'https://192.0.2.10:8443' },
    checklist: shipChecklist.map(({ code, byHand }) => ({ code, byHand, done: code === 'no-load-running' || code === 'source-kept' })),
    askedAt: now - 4000,
    ...changes,
  }
}

export function orderSettings(changes: Partial<Answer<'devices.orderSettings'>> = {}): Answer<'devices.orderSettings'> {
  return {
    settings: {
      roleArn: 'arn:aws:iam::111122223333:role/SnowballImport',
      kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      shippingOption: 'EXPRESS',
      address: {
        name: 'M. Arslan',
        company: 'Klinikum Beispielstadt',
        street1: 'Am Wareneingang 1',
        city: 'Beispielstadt',
        postalCode: '12345',
        country: 'DE',
        phoneNumber: '+49 30 1234567',
      },
    },
    region: 'eu-central-1',
    estimate: { days: { low: 34.4, high: 52 }, cost: { low: 9600, high: 12_100, currency: 'USD', asOf: '2026-11-01' } },
    ...changes,
  }
}
