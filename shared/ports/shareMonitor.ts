/** ShareMonitor: what the gateway says of itself. Storage Gateway and CloudWatch are behind one adapter. */
export type ShareState = {
  readonly shareArn: string
  readonly gatewayArn: string
  readonly protocol: 'NFS' | 'SMB'
  /** AWS's own word; an unknown one passes through. */
  readonly status: string
  readonly locationArn: string
}

export type CacheState = {
  readonly allocatedBytes: number
  readonly usedPercent: number
  readonly dirtyPercent: number
}

/** undefined: CloudWatch had no datapoint, which is not 0. */
export type ShareMetrics = {
  readonly dirtyPercent: number | undefined
  readonly filesFailingUpload: number | undefined
  readonly uploadedBytes: number | undefined
  readonly writtenBytes: number | undefined
  readonly periods: number
}

export interface ShareMonitor {
  shares(signal: AbortSignal): Promise<readonly ShareState[]>
  cache(gatewayArn: string, signal: AbortSignal): Promise<CacheState>
  metrics(share: ShareState, signal: AbortSignal): Promise<ShareMetrics>
  /** Asks AWS to announce when all written so far has been uploaded. Returns the notification's id. */
  notifyWhenUploaded(shareArn: string, signal: AbortSignal): Promise<string>
}
