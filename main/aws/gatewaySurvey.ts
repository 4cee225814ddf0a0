/** All gateways of the account with their file shares, as Storage Gateway describes them. What the account may not ask is said, and keeps nothing else from being told. */
import {
  DescribeCacheCommand,
  DescribeGatewayInformationCommand,
  DescribeNFSFileSharesCommand,
  DescribeSMBFileSharesCommand,
  DescribeSMBSettingsCommand,
  ListFileSharesCommand,
  ListGatewaysCommand,
  type FileShareInfo,
  type GatewayInfo,
  type NFSFileShareInfo,
  type SMBFileShareInfo,
  type StorageGatewayClient,
} from '@aws-sdk/client-storage-gateway'
import { fileGateway, type GatewayFound, type ShareFound } from '../../shared/domain/gateway.ts'
import { asFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import type { World } from '../../shared/ports/world.ts'
import type { AwsCall } from './errors.ts'
import { brisk, retrying } from './retrying.ts'

export type GatewaySurveyInput = { readonly gateway: StorageGatewayClient; readonly world: World }

const sharesPerDescription = 10
/** Storage Gateway answers a few questions a second of one account. */
const gatewaysAtOnce = 4

/** @throws Fault aws-* when not even the gateways can be listed. */
export async function surveyGateways(input: GatewaySurveyInput, signal: AbortSignal): Promise<GatewayFound[]> {
  const survey = new Survey(input, signal)
  const listed = await survey.gateways()
  const found: GatewayFound[] = []
  await forEachBounded(listed.entries(), gatewaysAtOnce, signal, async ([at, gateway]) => {
    found[at] = await survey.look(gateway)
  })
  return found
}

class Survey {
  readonly #client: StorageGatewayClient
  readonly #world: World
  readonly #signal: AbortSignal
  constructor({ gateway, world }: GatewaySurveyInput, signal: AbortSignal) {
    this.#client = gateway
    this.#world = world
    this.#signal = signal
  }

  async gateways(): Promise<readonly GatewayInfo[]> {
    return this.#pages('storagegateway:ListGateways', async (marker, abortSignal) => {
      const page = await this.#client.send(new ListGatewaysCommand(marked(marker)), { abortSignal })
      return { found: page.Gateways ?? [], next: page.Marker }
    })
  }

  async look(listed: GatewayInfo): Promise<GatewayFound> {
    const arn = listed.GatewayARN ?? ''
    const unasked: GatewayFound['unasked'] = []
    /** `null`: could not be asked, which is said beside the rest. */
    const tried = async <Result>(
      operation: string,
      ask: (options: { abortSignal: AbortSignal }) => Promise<Result>,
    ): Promise<Result | null> => {
      const call: AwsCall = `storagegateway:${operation}`
      try {
        return await this.#ask(call, (abortSignal) => ask({ abortSignal }))
      } catch (error) {
        this.#signal.throwIfAborted()
        unasked.push({ call, code: asFault(error).code })
        return null
      }
    }
    const isFile = listed.GatewayType === fileGateway
    const GatewayARN = arn
    const [information, cache, smb, shares] = await Promise.all([
      tried('DescribeGatewayInformation', (options) => this.#client.send(new DescribeGatewayInformationCommand({ GatewayARN }), options)),
      isFile ? tried('DescribeCache', (options) => this.#client.send(new DescribeCacheCommand({ GatewayARN }), options)) : null,
      isFile ? tried('DescribeSMBSettings', (options) => this.#client.send(new DescribeSMBSettingsCommand({ GatewayARN }), options)) : null,
      isFile ? tried('ListFileShares', () => this.#shares(arn)) : [],
    ])
    const described = { nfs: [] as NFSFileShareInfo[], smb: [] as SMBFileShareInfo[] }
    for (const FileShareARNList of inTens(shares ?? [], 'NFS')) {
      const answer = await tried('DescribeNFSFileShares', (options) =>
        this.#client.send(new DescribeNFSFileSharesCommand({ FileShareARNList }), options),
      )
      described.nfs.push(...(answer?.NFSFileShareInfoList ?? []))
    }
    for (const FileShareARNList of inTens(shares ?? [], 'SMB')) {
      const answer = await tried('DescribeSMBFileShares', (options) =>
        this.#client.send(new DescribeSMBFileSharesCommand({ FileShareARNList }), options),
      )
      described.smb.push(...(answer?.SMBFileShareInfoList ?? []))
    }
    return {
      gatewayArn: arn,
      gatewayId: listed.GatewayId ?? arn.slice(arn.lastIndexOf('/') + 1),
      name: information?.GatewayName ?? listed.GatewayName ?? '',
      type: listed.GatewayType ?? information?.GatewayType ?? 'unknown',
      operationalState: listed.GatewayOperationalState ?? 'unknown',
      state: information?.GatewayState ?? null,
      capacity: information?.GatewayCapacity ?? null,
      version: information?.SoftwareVersion ?? listed.SoftwareVersion ?? null,
      supportEnds: timeOf(information?.DeprecationDate ?? information?.SoftwareUpdatesEndDate),
      healthLog: information === null ? null : (information.CloudWatchLogGroupARN ?? '') !== '',
      smbSecurity: smb?.SMBSecurityStrategy ?? null,
      addresses: (information?.GatewayNetworkInterfaces ?? []).flatMap(({ Ipv4Address, Ipv6Address }) =>
        [Ipv4Address, Ipv6Address].filter((address) => address !== undefined),
      ),
      cache:
        cache?.CacheAllocatedInBytes === undefined
          ? null
          : {
              allocatedBytes: cache.CacheAllocatedInBytes,
              usedPercent: cache.CacheUsedPercentage ?? 0,
              dirtyPercent: cache.CacheDirtyPercentage ?? 0,
            },
      shares: [
        ...described.nfs.map((one) => shareOf('NFS', one, { clients: one.ClientList ?? null, squash: one.Squash ?? null })),
        ...described.smb.map((one) =>
          shareOf('SMB', one, { authentication: one.Authentication ?? null, caseSensitivity: one.CaseSensitivity ?? null }),
        ),
      ],
      unasked,
    }
  }

  async #shares(gatewayArn: string): Promise<readonly FileShareInfo[]> {
    return this.#pages('storagegateway:ListFileShares', async (marker, abortSignal) => {
      const page = await this.#client.send(new ListFileSharesCommand({ GatewayARN: gatewayArn, ...marked(marker) }), { abortSignal })
      return { found: page.FileShareInfoList ?? [], next: page.NextMarker }
    })
  }

  async #pages<One>(
    call: AwsCall,
    ask: (marker: string | undefined, signal: AbortSignal) => Promise<{ found: readonly One[]; next: string | undefined }>,
  ): Promise<readonly One[]> {
    const all: One[] = []
    let marker: string | undefined
    for (;;) {
      const { found, next } = await this.#ask(call, (abortSignal) => ask(marker, abortSignal))
      all.push(...found)
      // A marker that repeats would go round for ever.
      if (next === undefined || next === '' || next === marker) return all
      marker = next
    }
  }

  #ask<Result>(call: AwsCall, attempt: (abortSignal: AbortSignal) => Promise<Result>): Promise<Result> {
    return retrying(call, this.#signal, this.#world, attempt, brisk)
  }
}

function marked(marker: string | undefined): { Marker?: string } {
  return marker === undefined ? {} : { Marker: marker }
}

function inTens(shares: readonly FileShareInfo[], protocol: 'NFS' | 'SMB'): string[][] {
  const arns = shares.flatMap(({ FileShareType, FileShareARN }) =>
    FileShareType === protocol && FileShareARN !== undefined ? [FileShareARN] : [],
  )
  return Array.from({ length: Math.ceil(arns.length / sharesPerDescription) }, (_, at) =>
    arns.slice(at * sharesPerDescription, (at + 1) * sharesPerDescription),
  )
}

function shareOf(
  protocol: ShareFound['protocol'],
  one: NFSFileShareInfo & SMBFileShareInfo,
  special: Partial<Pick<ShareFound, 'clients' | 'squash' | 'authentication' | 'caseSensitivity'>>,
): ShareFound {
  const shareArn = one.FileShareARN ?? ''
  const location = /^arn:aws[a-z-]*:s3:::([^/]+)(?:\/(.*))?$/.exec(one.LocationARN ?? '')
  return {
    shareArn,
    shareId: one.FileShareId ?? shareArn.slice(shareArn.lastIndexOf('/') + 1),
    protocol,
    status: one.FileShareStatus ?? 'unknown',
    bucket: location?.[1] ?? null,
    prefix: location?.[2] ?? '',
    locationArn: one.LocationARN ?? '',
    path: one.Path ?? null,
    storageClass: one.DefaultStorageClass ?? null,
    encryption: one.EncryptionType ?? (one.KMSEncrypted === true ? 'SseKms' : 'SseS3'),
    objectAcl: one.ObjectACL ?? null,
    readOnly: one.ReadOnly ?? false,
    auditLog: (one.AuditDestinationARN ?? '') !== '',
    clients: null,
    squash: null,
    authentication: null,
    caseSensitivity: null,
    ...special,
  }
}

function timeOf(date: string | undefined): number | null {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? null : time
}
