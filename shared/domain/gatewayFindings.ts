/**
 * What is wrong with the gateways and file shares of an account, each by its own name. The rules are those of the S3 File Gateway User Guide and of its
 * troubleshooting pages; where a fact could not be asked for, that is said and is never taken for good.
 */
import { z } from 'zod'
import { fileGateway, type GatewayFound, type MountFound, type ShareBucket, type ShareFound } from './gateway.ts'

export const findingCodes = [
  'lifecycle-archives',
  'prefix-shared',
  'acl-public',
  'clients-anyone',
  'guest-access',
  'clock-skewed',
  'gateway-not-running',
  'share-not-available',
  'no-squash',
  'no-kms',
  'read-only',
  'mount-read-only',
  'mount-soft',
  'cache-small',
  'support-ended',
  'smb-unsigned',
  'no-audit-log',
  'no-health-log',
  'archive-not-checked',
  'not-asked',
  'not-verifiable',
] as const
export type FindingCode = (typeof findingCodes)[number]

/** grave: images may be lost, read by strangers, or never arrive. warning: to be decided by a person. note: to know. */
export const weights = ['grave', 'warning', 'note'] as const
export type Weight = (typeof weights)[number]

export const gatewayFinding = z.strictObject({
  code: z.enum(findingCodes),
  weight: z.enum(weights),
  /** ARN of the share or gateway. */
  of: z.string(),
  /** What AWS said that leads to it: for people, nothing of a patient. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type GatewayFinding = z.infer<typeof gatewayFinding>

export type JudgedBy = {
  readonly gateways: readonly GatewayFound[]
  readonly buckets: readonly ShareBucket[]
  readonly mounts: readonly MountFound[]
  /** A person asked that the archive's objects are encrypted with a key of KMS. */
  readonly wantsKms: boolean
  /** What the share lane is to take within a day; 0: nothing is planned. */
  readonly dayBytes: number
  /** By how much the share's clock is ahead of this machine's, where a probe has shown it: milliseconds. */
  readonly skew: ReadonlyMap<string, number>
  readonly now: number
}

/** From this on a gateway says GatewayClockOutOfSync (S3 File Gateway: five minutes). */
export const mostSkew = 5 * 60_000

const anyone = new Set(['0.0.0.0/0', '::/0'])
const privateAcls = new Set(['private', 'bucket-owner-read', 'bucket-owner-full-control', 'aws-exec-read'])

/** The gravest first; within one weight in the order of the gateways. */
export function judgeGateways(by: JudgedBy): GatewayFinding[] {
  const found = by.gateways.flatMap((gateway) => [
    ...ofGateway(gateway, by),
    ...gateway.shares.flatMap((share) => ofShare(share, gateway, by)),
  ])
  found.push(...sharedPrefixes(by.gateways.flatMap(({ shares }) => shares)))
  return found.toSorted((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight))
}

function ofGateway(gateway: GatewayFound, { dayBytes, now }: JudgedBy): GatewayFinding[] {
  const finding = findingOf(gateway.gatewayArn)
  if (gateway.type !== fileGateway) return [finding('not-verifiable', 'note', { type: gateway.type })]
  const found: GatewayFinding[] = []
  if (gateway.operationalState !== 'ACTIVE') found.push(finding('gateway-not-running', 'grave', { state: gateway.operationalState }))
  const { supportEnds, cache } = gateway
  if (supportEnds !== null && supportEnds <= now) found.push(finding('support-ended', 'warning', { ended: supportEnds }))
  if (cache !== null && dayBytes > cache.allocatedBytes)
    found.push(finding('cache-small', 'warning', { cacheBytes: cache.allocatedBytes, dayBytes }))
  if (gateway.healthLog === false) found.push(finding('no-health-log', 'warning'))
  if (gateway.smbSecurity === 'ClientSpecified' && gateway.shares.some(({ protocol }) => protocol === 'SMB'))
    found.push(finding('smb-unsigned', 'warning'))
  for (const { call, code } of gateway.unasked) found.push(finding('not-asked', 'warning', { call, code }))
  return found
}

function ofShare(share: ShareFound, { operationalState }: GatewayFound, { buckets, mounts, wantsKms, skew }: JudgedBy): GatewayFinding[] {
  const finding = findingOf(share.shareArn)
  const found: GatewayFinding[] = []
  if (share.status !== 'AVAILABLE' && operationalState === 'ACTIVE')
    found.push(finding('share-not-available', 'grave', { status: share.status }))
  const open = share.clients?.filter((client) => anyone.has(client)) ?? []
  if (open.length > 0) found.push(finding('clients-anyone', 'grave', { clients: open.join(', ') }))
  if (share.squash === 'NoSquash') found.push(finding('no-squash', 'warning'))
  if (share.authentication === 'GuestAccess') found.push(finding('guest-access', 'grave'))
  if (share.objectAcl !== null && !privateAcls.has(share.objectAcl)) found.push(finding('acl-public', 'grave', { acl: share.objectAcl }))
  if (wantsKms && share.encryption === 'SseS3') found.push(finding('no-kms', 'warning', { encryption: share.encryption }))
  if (share.readOnly) found.push(finding('read-only', 'warning'))
  if (!share.auditLog) found.push(finding('no-audit-log', 'warning'))
  const ahead = skew.get(share.shareArn)
  if (ahead !== undefined && Math.abs(ahead) >= mostSkew) found.push(finding('clock-skewed', 'grave', { aheadMs: Math.round(ahead) }))
  for (const mount of mounts.filter(({ shareArn }) => shareArn === share.shareArn)) {
    if (mount.readOnly) found.push(finding('mount-read-only', 'warning'))
    if (mount.soft) found.push(finding('mount-soft', 'warning'))
  }
  return [...found, ...archivedBelow(share, buckets)]
}

function archivedBelow(share: ShareFound, buckets: readonly ShareBucket[]): GatewayFinding[] {
  const finding = findingOf(share.shareArn)
  if (share.bucket === null) return [finding('archive-not-checked', 'warning', { location: share.locationArn })]
  const bucket = buckets.find((one) => one.bucket === share.bucket)
  if (bucket?.archiving === undefined) return [finding('archive-not-checked', 'warning', { code: bucket?.unasked ?? 'not-asked' })]
  return bucket.archiving
    .filter((rule) => overlap(rule.prefix, share.prefix))
    .map((rule) =>
      finding('lifecycle-archives', 'grave', {
        rule: rule.id,
        storageClass: rule.storageClass,
        ...(rule.days === undefined ? {} : { days: rule.days }),
      }),
    )
}

/** Two shares over the same objects overwrite each other, and neither cache knows of it. Told of each of the two. */
function sharedPrefixes(shares: readonly ShareFound[]): GatewayFinding[] {
  return shares.flatMap((share) =>
    shares
      .filter(
        (other) =>
          other.shareArn !== share.shareArn &&
          share.bucket !== null &&
          other.bucket === share.bucket &&
          overlap(other.prefix, share.prefix),
      )
      .map((other) => findingOf(share.shareArn)('prefix-shared', 'grave', { other: other.shareId })),
  )
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

function findingOf(of: string) {
  return (code: FindingCode, weight: Weight, facts: GatewayFinding['facts'] = {}): GatewayFinding => ({ code, weight, of, facts })
}

/** Long after this the gateway is done with a file: its data and then its metadata are uploaded within the push. */
const soonDays = 30

/**
 * The finding for which not one item may be pushed to this share: objects that are archived while the gateway still works on them stop its uploads, and two
 * shares over the same objects overwrite each other. Everything else is a person's to decide.
 */
export function keepsFromPushing(findings: readonly GatewayFinding[], shareArn: string): GatewayFinding | undefined {
  return findings.find(
    ({ code, of, facts }) =>
      of === shareArn && (code === 'prefix-shared' || (code === 'lifecycle-archives' && Number(facts['days'] ?? 0) < soonDays)),
  )
}
