/**
 * What CloudWatch says of a share, where it may be asked. How full the cache is the gateway tells itself (DescribeCache), so the push goes on by that alone; only
 * files that the gateway cannot upload are then not heard of before the verification, and that is said once.
 */
import { Fault, isFault } from '../faults/fault.ts'
import type { StageReport } from './stage.ts'
import type { ShareMetrics, ShareMonitor, ShareState } from '../ports/shareMonitor.ts'

const notTold: ShareMetrics = {
  dirtyPercent: undefined,
  filesFailingUpload: undefined,
  uploadedBytes: undefined,
  writtenBytes: undefined,
  periods: 0,
}

/** @throws whatever keeps CloudWatch from answering, but for a permission that is missing. */
export function metricsReader(
  monitor: ShareMonitor,
  share: ShareState,
  report: Pick<StageReport, 'trouble'>,
): (signal: AbortSignal) => Promise<ShareMetrics> {
  let said = false
  return async (signal) => {
    try {
      return await monitor.metrics(share, signal)
    } catch (error) {
      if (!isFault(error, 'aws-denied')) throw error
      if (!said)
        report.trouble(new Fault('gateway-metrics-denied', { permission: String(error.facts['permission'] ?? 'cloudwatch:GetMetricData') }))
      said = true
      return notTold
    }
  }
}
