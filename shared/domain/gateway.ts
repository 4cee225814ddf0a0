/** Gateways and file shares as Storage Gateway describes them (API 2013-06-30), and what else Firn has to know to judge them. Words of AWS pass through as they are. */
import { z } from 'zod'

const text = z.string()
const told = z.string().nullable()

export const shareFound = z.strictObject({
  shareArn: text,
  /** As the console names it: `share-XXXXXXXX`. */
  shareId: text,
  protocol: z.enum(['NFS', 'SMB']),
  status: text,
  /** `null`: the share feeds an access point, which does not tell its bucket. */
  bucket: told,
  /** '' or ending with '/'. */
  prefix: text,
  locationArn: text,
  /** What a client mounts: `/path` of NFS, the share's name of SMB. */
  path: told,
  storageClass: told,
  /** SseS3, SseKms or DsseKms. */
  encryption: text,
  objectAcl: told,
  readOnly: z.boolean(),
  auditLog: z.boolean(),
  /** NFS: addresses that may mount it. */
  clients: z.array(text).nullable(),
  squash: told,
  /** SMB: ActiveDirectory or GuestAccess. */
  authentication: told,
  caseSensitivity: told,
})
export type ShareFound = z.infer<typeof shareFound>

export const gatewayFound = z.strictObject({
  gatewayArn: text,
  gatewayId: text,
  name: text,
  /** FILE_S3, FILE_FSX_SMB, CACHED, STORED, VTL. */
  type: text,
  /** ACTIVE or DISABLED. */
  operationalState: text,
  state: told,
  capacity: told,
  version: told,
  /** AWS ends support of the gateway's software: milliseconds since 1970. */
  supportEnds: z.number().nullable(),
  /** `null`: not asked, or not allowed to ask. */
  healthLog: z.boolean().nullable(),
  smbSecurity: told,
  addresses: z.array(text),
  cache: z.strictObject({ allocatedBytes: z.number(), usedPercent: z.number(), dirtyPercent: z.number() }).nullable(),
  shares: z.array(shareFound),
  /** What could not be asked: `service:Operation`, and the fault's code. */
  unasked: z.array(z.strictObject({ call: text, code: text })),
})
export type GatewayFound = z.infer<typeof gatewayFound>

/** Only of this type Firn can look behind the gateway: one file of the share is one object of the customer's bucket. */
export const fileGateway = 'FILE_S3'

/** A lifecycle rule that moves objects to a class the gateway cannot read or write over (S3 File Gateway: InaccessibleStorageClass). */
export type ArchivingRule = {
  readonly id: string
  readonly prefix: string
  readonly storageClass: string
  readonly days: number | undefined
}

/** `archiving` undefined: nobody could look. */
export type ShareBucket = {
  readonly bucket: string
  readonly archiving: readonly ArchivingRule[] | undefined
  /** Code of why it could not be asked. */
  readonly unasked: string | undefined
}

/** Where a file system of this machine comes from. */
export type Mount = {
  /** `server:/path` of NFS, `//server/name` of SMB; Windows' backslashes are slashes here. */
  readonly from: string
  readonly folder: string
  /** nfs, nfs4, cifs, smbfs, … */
  readonly type: string
  readonly options: readonly string[]
  /** As stat(2) numbers it, where the system tells. */
  readonly device?: number
}

export const mountFound = z.strictObject({
  shareArn: text,
  folder: text,
  readOnly: z.boolean(),
  /** NFS gives up after a while and tells the program EIO: bytes may be missing. */
  soft: z.boolean(),
})
export type MountFound = z.infer<typeof mountFound>
