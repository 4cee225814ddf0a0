/** What the buckets behind file shares do with their objects over time: lifecycle rules and archive tiers that a live share does not bear. */
import {
  GetBucketLifecycleConfigurationCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  type IntelligentTieringConfiguration,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { ArchivingRule, ShareBucket } from '../../shared/domain/gateway.ts'
import { asFault, isFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import type { World } from '../../shared/ports/world.ts'
import { brisk, retrying } from './retrying.ts'

/** Classes that a File Gateway can neither read nor write over without a restore; Glacier Instant Retrieval it does not know (S3 File Gateway User Guide). */
const archives = new Set(['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'])
const bucketsAtOnce = 4

export async function lookAtShareBuckets(
  { s3, world }: { readonly s3: S3Client; readonly world: World },
  buckets: readonly string[],
  signal: AbortSignal,
): Promise<ShareBucket[]> {
  const found: ShareBucket[] = []
  await forEachBounded(buckets.entries(), bucketsAtOnce, signal, async ([at, bucket]) => {
    try {
      const archiving = [...(await lifecycle(s3, world, bucket, signal)), ...(await tiering(s3, world, bucket, signal))]
      found[at] = { bucket, archiving, unasked: undefined }
    } catch (error) {
      signal.throwIfAborted()
      found[at] = { bucket, archiving: undefined, unasked: asFault(error).code }
    }
  })
  return found
}

async function lifecycle(s3: S3Client, world: World, bucket: string, signal: AbortSignal): Promise<ArchivingRule[]> {
  try {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })
    const { Rules = [] } = await retrying(
      's3:GetBucketLifecycleConfiguration',
      signal,
      world,
      (abortSignal) => s3.send(command, { abortSignal }),
      brisk,
    )
    return Rules.flatMap(archivingOf)
  } catch (error) {
    // A bucket without rules answers 404 instead of an empty list.
    if (isFault(error, 'aws-refused') && error.facts['code'] === 'NoSuchLifecycleConfiguration') return []
    throw error
  }
}

function archivingOf(rule: LifecycleRule): ArchivingRule[] {
  if (rule.Status !== 'Enabled') return []
  const move = rule.Transitions?.find(({ StorageClass }) => StorageClass !== undefined && archives.has(StorageClass))
  if (move?.StorageClass === undefined) return []
  // Rules of the first API keep the prefix outside of the filter.
  const prefix = rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? ''
  return [{ id: rule.ID ?? '', prefix, storageClass: move.StorageClass, days: move.Days }]
}

/** Intelligent-Tiering by itself stays readable; its archive tiers, which a bucket opts into, do not. */
async function tiering(s3: S3Client, world: World, bucket: string, signal: AbortSignal): Promise<ArchivingRule[]> {
  const found: IntelligentTieringConfiguration[] = []
  let token: string | undefined
  do {
    const command = new ListBucketIntelligentTieringConfigurationsCommand({
      Bucket: bucket,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    })
    const page = await retrying(
      's3:ListBucketIntelligentTieringConfigurations',
      signal,
      world,
      (abortSignal) => s3.send(command, { abortSignal }),
      brisk,
    )
    found.push(...(page.IntelligentTieringConfigurationList ?? []))
    token = page.NextContinuationToken
  } while (token !== undefined)
  return found.flatMap(({ Status, Id, Filter, Tierings }) => {
    const [tier] = Tierings ?? []
    if (Status !== 'Enabled' || tier?.AccessTier === undefined) return []
    return [{ id: Id ?? '', prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? '', storageClass: tier.AccessTier, days: tier.Days }]
  })
}
