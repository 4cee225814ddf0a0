/** What every ShareMonitor promises (shared/ports/shareMonitor.ts). Run against Storage Gateway and CloudWatch as the sandbox plays them. */
import { describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import type { ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'

export type OpenMonitor = {
  readonly monitor: ShareMonitor
  readonly shareArn: string
  readonly gatewayArn: string
  readonly location: string
  write(name: string, body: string): Promise<void>
  /** Resolves when the gateway has nothing more to do. */
  settle(): Promise<void>
}

const never = new AbortController().signal

export async function theShare({ monitor }: OpenMonitor): Promise<ShareState> {
  const [share] = await monitor.shares(never)
  if (share === undefined) throw new Error('no share')
  return share
}

export function shareMonitorConformance(name: string, open: (protocol: 'NFS' | 'SMB') => Promise<OpenMonitor>): void {
  describe(`${name} keeps the promises of a share monitor`, () => {
    test.each(['NFS', 'SMB'] as const)('finds an %s share with its gateway and where it leads', async (protocol) => {
      const here = await open(protocol)
      expect(await here.monitor.shares(never)).toEqual([
        { shareArn: here.shareArn, gatewayArn: here.gatewayArn, protocol, status: 'AVAILABLE', locationArn: here.location },
      ])
    })

    test('tells the cache: its size, and that nothing is dirty once all is uploaded', async () => {
      const here = await open('NFS')
      await here.write('a.dcm', 'pixel data')
      await here.settle()
      const cache = await here.monitor.cache(here.gatewayArn, never)
      expect(cache.allocatedBytes).toBeGreaterThan(0)
      expect(cache.dirtyPercent).toBe(0)
    })

    test('tells metrics that have datapoints, and nothing of those that have none', async () => {
      const here = await open('NFS')
      const idle = await here.monitor.metrics(await theShare(here), never)
      expect(idle.uploadedBytes).toBeUndefined()
      await here.write('a.dcm', 'pixel data')
      await here.settle()
      const busy = await here.monitor.metrics(await theShare(here), never)
      expect(busy).toMatchObject({ filesFailingUpload: 0, dirtyPercent: 0 })
      expect(busy.uploadedBytes).toBeGreaterThanOrEqual(10)
      expect(busy.periods).toBeGreaterThan(0)
    })

    test('asks for a notification and gets its id', async () => {
      const here = await open('NFS')
      const first = await here.monitor.notifyWhenUploaded(here.shareArn, never)
      expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
      expect(await here.monitor.notifyWhenUploaded(here.shareArn, never)).not.toBe(first)
    })

    test('tells of a gateway or share that is not there as refused', async () => {
      const { monitor, gatewayArn, shareArn } = await open('NFS')
      const refused = (error: unknown): boolean => isFault(error, 'aws-refused')
      await expect(monitor.cache(gatewayArn.replace(/[^-]+$/, '00000000'), never)).rejects.toSatisfy(refused)
      await expect(monitor.notifyWhenUploaded(shareArn.replace(/[^-]+$/, '00000000'), never)).rejects.toSatisfy(refused)
    })

    test('does nothing once stopped', async () => {
      const { monitor } = await open('NFS')
      const controller = new AbortController()
      controller.abort(new Error('asked to stop'))
      await expect(monitor.shares(controller.signal)).rejects.toThrow('asked to stop')
    })
  })
}
