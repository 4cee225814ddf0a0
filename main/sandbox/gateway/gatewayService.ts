/** The Storage Gateway API of the sandbox: one S3 File Gateway whose share is real, and beside it what a test wants told, as AWS tells it (API 2013-06-30). */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { minute } from '../../../shared/units/duration.ts'
import type { FastClock } from '../contract.ts'
import { callOperation, parse, present, type Json, type JsonService, type Operations } from '../control/jsonService.ts'
import { count, type ControlState } from '../control/state.ts'
import { cacheReportOperations } from './cacheReports.ts'
import type { GatewayFacts, GatewayParts } from './gatewayParts.ts'
import { gatewayError, others, pageOf, sharesOf, theShare } from './listed.ts'

const arn = z.string().min(50).max(500)
const paging = { Marker: z.string().min(1).max(1000).optional(), Limit: z.number().int().min(1).optional() }
const ofGateway = z.object({ GatewayARN: arn })
const ofShare = z.object({ FileShareARN: arn })
/** How long a cache refresh takes in simulated time. */
const refreshLasts = 10 * minute
const mostRefreshes = 2

export function createGatewayService(parts: GatewayParts): JsonService {
  const operations: Operations = { ...gatewayOperations(parts), ...shareOperations(parts), ...cacheReportOperations(parts, theShare) }
  return {
    service: 'storagegateway',
    target: 'StorageGateway_20130630',
    jsonVersion: '1.1',
    call: (operation, input) => callOperation(operations, operation, input),
  }
}

function gatewayOperations({ share, facts }: GatewayParts): Operations {
  const diskId = 'pci-0000:03:00.0-scsi-0:0:1:0'
  return {
    ListGateways(input) {
      const asked = parse(z.object(paging), input)
      const all = [
        {
          GatewayId: facts.gatewayId,
          GatewayARN: facts.gatewayArn,
          GatewayType: 'FILE_S3',
          GatewayOperationalState: 'ACTIVE',
          GatewayName: facts.gatewayName,
          HostEnvironment: 'VMWARE',
          SoftwareVersion: '1.26.3',
          ...only(facts.traits.gateway, 'GatewayOperationalState', 'GatewayName', 'SoftwareVersion'),
        },
        ...others(facts).map(({ arn: GatewayARN, id: GatewayId, type: GatewayType }) => ({
          GatewayId,
          GatewayARN,
          GatewayType,
          GatewayOperationalState: 'ACTIVE',
          GatewayName: GatewayType.toLowerCase(),
        })),
      ].toSorted((one, other) => (one.GatewayARN < other.GatewayARN ? -1 : 1))
      const { page, next } = pageOf(all, asked, (one) => one.GatewayARN)
      return present({ Gateways: page, Marker: next })
    },
    DescribeGatewayInformation(input) {
      const { GatewayARN } = parse(ofGateway, input)
      const other = others(facts).find(({ arn: one }) => one === GatewayARN)
      if (other !== undefined) {
        return { GatewayARN, GatewayId: other.id, GatewayName: other.type.toLowerCase(), GatewayState: 'RUNNING', GatewayType: other.type }
      }
      theGateway(facts, GatewayARN)
      return {
        GatewayARN: facts.gatewayArn,
        GatewayId: facts.gatewayId,
        GatewayName: facts.gatewayName,
        GatewayTimezone: 'GMT',
        GatewayState: 'RUNNING',
        GatewayNetworkInterfaces: [{ Ipv4Address: '127.0.0.1' }],
        CloudWatchLogGroupARN: `${facts.logs}firn-rehearsal-health:*`,
        GatewayType: 'FILE_S3',
        Tags: [],
        HostEnvironment: 'VMWARE',
        EndpointType: 'STANDARD',
        GatewayCapacity: 'Small',
        SupportedGatewayCapacities: ['Small', 'Medium', 'Large'],
        SoftwareVersion: '1.26.3',
        ...facts.traits.gateway,
      }
    },
    DescribeCache(input) {
      theGateway(facts, parse(ofGateway, input).GatewayARN)
      const books = share.books()
      return {
        GatewayARN: facts.gatewayArn,
        DiskIds: [diskId],
        CacheAllocatedInBytes: books.allocatedBytes,
        CacheUsedPercentage: books.usedPercent,
        CacheDirtyPercentage: books.dirtyPercent,
        CacheHitPercentage: 0,
        CacheMissPercentage: 0,
      }
    },
    ListLocalDisks(input) {
      theGateway(facts, parse(ofGateway, input).GatewayARN)
      return {
        GatewayARN: facts.gatewayArn,
        Disks: [
          {
            DiskId: diskId,
            DiskPath: '/dev/sdb',
            DiskNode: 'SCSI (0:1)',
            DiskStatus: 'present',
            DiskSizeInBytes: share.books().allocatedBytes,
            DiskAllocationType: 'CACHE_STORAGE',
            DiskAttributeList: [],
          },
        ],
      }
    },
    DescribeSMBSettings(input) {
      theGateway(facts, parse(ofGateway, input).GatewayARN)
      return {
        GatewayARN: facts.gatewayArn,
        ActiveDirectoryStatus: 'DETACHED',
        SMBGuestPasswordSet: false,
        SMBSecurityStrategy: 'MandatoryEncryption',
        FileSharesVisible: false,
        ...facts.traits.smb,
      }
    },
    DescribeBandwidthRateLimitSchedule(input) {
      theGateway(facts, parse(ofGateway, input).GatewayARN)
      return { GatewayARN: facts.gatewayArn, BandwidthRateLimitIntervals: [] }
    },
  }
}

function shareOperations({ state, clock, facts }: GatewayParts): Operations {
  return {
    ListFileShares(input) {
      const asked = parse(z.object({ GatewayARN: arn.optional(), ...paging }), input)
      if (asked.GatewayARN !== undefined) theGateway(facts, asked.GatewayARN)
      const { page, next } = pageOf(sharesOf(facts), asked, ({ arn: one }) => one)
      return present({
        Marker: asked.Marker,
        NextMarker: next,
        FileShareInfoList: page.map((share) => ({
          FileShareType: facts.protocol,
          FileShareARN: share.arn,
          FileShareId: share.id,
          FileShareStatus: statusOf(facts),
          GatewayARN: facts.gatewayArn,
        })),
      })
    },
    DescribeNFSFileShares: (input) =>
      describe(facts, 'NFS', 'NFSFileShareInfoList', input, {
        NFSFileShareDefaults: { FileMode: '0666', DirectoryMode: '0777', GroupId: 65534, OwnerId: 65534 },
        ClientList: ['10.0.0.0/8'],
        Squash: 'RootSquash',
      }),
    DescribeSMBFileShares: (input) =>
      describe(facts, 'SMB', 'SMBFileShareInfoList', input, {
        SMBACLEnabled: false,
        AccessBasedEnumeration: false,
        Authentication: 'ActiveDirectory',
        CaseSensitivity: 'CaseSensitive',
        OplocksEnabled: true,
      }),
    NotifyWhenUploaded(input) {
      theShare(facts, parse(ofShare, input).FileShareARN)
      return { FileShareARN: facts.shareArn, NotificationId: notify(state, clock, 'upload') }
    },
    RefreshCache(input) {
      const asked = parse(
        ofShare.extend({ FolderList: z.array(z.string().min(1).max(4096)).min(1).max(50).optional(), Recursive: z.boolean().optional() }),
        input,
      )
      theShare(facts, asked.FileShareARN)
      const running = state.row(
        "SELECT count(*) AS running FROM notifications WHERE kind = 'refresh' AND asked > ?",
        clock.now() - refreshLasts,
      )
      if (count(running?.['running']) >= mostRefreshes) {
        throw gatewayError('InvalidParameters', 'The file share has the maximum number of cache refreshes in progress.')
      }
      return { FileShareARN: facts.shareArn, NotificationId: notify(state, clock, 'refresh') }
    },
  }
}

function describe(facts: GatewayFacts, protocol: 'NFS' | 'SMB', member: string, input: Json, special: Json): Json {
  const asked = parse(z.object({ FileShareARNList: z.array(arn).min(1).max(10) }), input)
  const shares = asked.FileShareARNList.map((one) => theShare(facts, one))
  if (facts.protocol !== protocol) throw gatewayError('InvalidParameters', `The specified file share is not an ${protocol} file share.`)
  return {
    [member]: shares.map((share) => ({
      ...special,
      Path: `/${share.id}`,
      FileShareARN: share.arn,
      FileShareId: share.id,
      FileShareStatus: 'AVAILABLE',
      GatewayARN: facts.gatewayArn,
      KMSEncrypted: false,
      Role: facts.role,
      LocationARN: share.locationArn,
      DefaultStorageClass: 'S3_STANDARD',
      ObjectACL: 'private',
      ReadOnly: false,
      GuessMIMETypeEnabled: true,
      RequesterPays: false,
      Tags: [],
      NotificationPolicy: '{}',
      BucketRegion: facts.region,
      AuditDestinationARN: `${facts.logs}firn-rehearsal-audit:*`,
      ...facts.traits.share,
    })),
  }
}

function statusOf(facts: GatewayFacts): unknown {
  return facts.traits.share?.['FileShareStatus'] ?? 'AVAILABLE'
}

function only(traits: Json | undefined, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(traits ?? {}).filter(([name]) => names.includes(name)))
}

function theGateway(facts: GatewayFacts, asked: string): void {
  if (asked !== facts.gatewayArn) throw gatewayError('GatewayNotFound', 'The specified gateway was not found.')
}

function notify(state: ControlState, clock: FastClock, kind: 'upload' | 'refresh'): string {
  const id = randomUUID()
  state.run('INSERT INTO notifications VALUES (?, ?, ?, NULL)', id, kind, clock.now())
  return id
}
