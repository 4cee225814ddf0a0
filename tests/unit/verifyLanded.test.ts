import { describe, expect, test } from 'vitest'
import type { EventLog } from '../../shared/ports/journal.ts'
import type { ShareMetrics, ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { minute } from '../../shared/units/duration.ts'
import { waitUntilLanded, type LandedOutcome } from '../../main/verify/landed.ts'
import { testWorld } from '../kit/world.ts'
import { outcomeOf } from './verifyFixture.ts'

type Seen = { readonly dirty: number; readonly failing?: number | undefined }

const share: ShareState = {
  shareArn: 'arn:aws:storagegateway:us-east-1:111122223333:share/share-ABCD1234',
  gatewayArn: 'arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B',
  protocol: 'NFS',
  status: 'AVAILABLE',
  locationArn: 'arn:aws:s3:::hospital-archive',
}

/** Shows one look after the other and then the last one for ever. */
function gatewayShowing(looks: readonly Seen[]): ShareMonitor & { notified: number } {
  let at = -1
  return {
    notified: 0,
    shares: async () => Promise.resolve([share]),
    async cache() {
      at += 1
      return Promise.resolve({ allocatedBytes: 1000, usedPercent: 50, dirtyPercent: (looks[at] ?? looks.at(-1))?.dirty ?? 0 })
    },
    async metrics(): Promise<ShareMetrics> {
      const filesFailingUpload = (looks[at] ?? looks.at(-1))?.failing
      return Promise.resolve({ dirtyPercent: undefined, filesFailingUpload, uploadedBytes: undefined, writtenBytes: undefined, periods: 1 })
    },
    async notifyWhenUploaded() {
      this.notified += 1
      return Promise.resolve('00000000-0000-4000-8000-000000000000')
    },
  }
}

async function waiting(looks: readonly Seen[], limit = 60 * minute, more: Partial<ShareMonitor> = {}) {
  const world = testWorld()
  const logged: string[] = []
  const journal: EventLog = {
    append: (kind, facts) => void logged.push(`${kind} ${JSON.stringify(facts)}`),
    events: () => [],
    checkChain: () => ({ whole: true, entries: 0 }),
  }
  const monitor = Object.assign(gatewayShowing(looks), more)
  const { outcome, troubles } = await outcomeOf<LandedOutcome>(
    waitUntilLanded({ monitor, share, journal, world, limit }, new AbortController().signal),
  )
  return { outcome, troubles: troubles.map((one) => [one.code, one.facts['files']]), logged, monitor }
}

describe('waiting for a gateway to upload', () => {
  test('ends when two looks in a row see nothing dirty and nothing failing', async () => {
    const { outcome, troubles, monitor } = await waiting([
      { dirty: 40, failing: 0 },
      { dirty: 0, failing: 0 },
      { dirty: 3, failing: 0 },
      { dirty: 0, failing: 0 },
      { dirty: 0, failing: 0 },
    ])
    expect(outcome).toEqual({ ended: 'drained', drained: true, failing: 0, dirtyPercent: 0, looks: 5 })
    expect(troubles).toEqual([])
    expect(monitor.notified).toBe(1)
  })

  test('goes by the cache alone where CloudWatch may not be asked, says so once, and waits for longer', async () => {
    const denied = () => Promise.reject(new Fault('aws-denied', { permission: 'cloudwatch:GetMetricData' }))
    const { outcome, troubles } = await waiting([{ dirty: 40 }, { dirty: 0 }], 60 * minute, { metrics: denied })
    expect(outcome).toEqual({ ended: 'drained', drained: true, failing: undefined, dirtyPercent: 0, looks: 5 })
    expect(troubles.map(([code]) => code)).toEqual(['gateway-metrics-denied'])
    const down = () => Promise.reject(new Fault('aws-unreachable'))
    await expect(waiting([{ dirty: 0 }], 60 * minute, { metrics: down })).rejects.toMatchObject({ code: 'aws-unreachable' })
  })

  test('does not wait for ever for a file that fails: it is reported, with their number', async () => {
    const { outcome, troubles } = await waiting([
      { dirty: 40, failing: 0 },
      { dirty: 10, failing: 1 },
      { dirty: 5, failing: 2 },
      { dirty: 5, failing: 2 },
    ])
    expect(outcome).toMatchObject({ ended: 'files-failing', drained: false, failing: 2, dirtyPercent: 5 })
    expect(troubles).toEqual([
      ['gateway-upload-failing', 1],
      ['gateway-upload-failing', 2],
    ])
  })

  test('goes on while the rest still shrinks beside a failing file', async () => {
    const { outcome } = await waiting([50, 40, 30, 20, 10, 1, 1, 1, 1].map((dirty) => ({ dirty, failing: 1 })))
    expect(outcome).toMatchObject({ ended: 'files-failing', dirtyPercent: 1, looks: 9 })
  })

  test('drains when what failed is uploaded after all', async () => {
    const { outcome } = await waiting([
      { dirty: 5, failing: 1 },
      { dirty: 5, failing: 1 },
      { dirty: 0, failing: 0 },
      { dirty: 0, failing: 0 },
    ])
    expect(outcome.ended).toBe('drained')
  })

  test('without datapoints looks longer, and does not call the unknown nought', async () => {
    const { outcome } = await waiting([{ dirty: 0 }])
    expect(outcome).toEqual({ ended: 'drained', drained: true, failing: undefined, dirtyPercent: 0, looks: 4 })
  })

  test('ends at the time limit, drained or not', async () => {
    const { outcome, logged } = await waiting([{ dirty: 90, failing: 0 }], 10 * minute)
    expect(outcome).toMatchObject({ ended: 'time-limit', drained: false, dirtyPercent: 90 })
    expect(outcome.looks).toBeLessThanOrEqual(11)
    expect(logged.map((line) => line.split(' ')[0])).toEqual(['landing-awaited', 'landing-ended'])
    expect(logged.join()).not.toContain('111122223333')
  })
})
