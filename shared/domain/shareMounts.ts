/** Which mount of this machine is which share. */
import type { GatewayFound, Mount, MountFound } from './gateway.ts'

/**
 * A mount is a share's when it comes from one of its gateway's addresses and from the share's path. A gateway that is mounted by name is recognised by the
 * path alone where no other share of the account has the same: the probe proves it before anything is sent.
 */
export function matchMounts(gateways: readonly GatewayFound[], mounts: readonly Mount[]): MountFound[] {
  const shares = gateways.flatMap((gateway) => gateway.shares.map((share) => ({ gateway, share })))
  return mounts.flatMap((mount) => {
    const from = partsOf(mount.from)
    if (from === undefined) return []
    const samePath = shares.filter(({ share }) => share.protocol === from.protocol && sameName(share.path, from.path, from.protocol))
    const byAddress = samePath.filter(({ gateway }) => gateway.addresses.includes(from.server))
    const [only] = byAddress.length > 0 ? byAddress : samePath
    if (only === undefined || (byAddress.length === 0 && samePath.length > 1)) return []
    return [
      {
        shareArn: only.share.shareArn,
        folder: mount.folder,
        readOnly: mount.options.includes('ro') || mount.options.includes('read-only'),
        soft: from.protocol === 'NFS' && mount.options.some((option) => option === 'soft' || option === 'softerr'),
      },
    ]
  })
}

/** As a share is mounted: which file system it is, and from where. */
export type MountIdentity = Pick<Mount, 'from' | 'type'>

/** @param folder its real path: links followed. @returns the mount that it lies on: the innermost, and of several on one folder the last. */
export function mountUnder(folder: string, mounts: readonly Mount[]): Mount | undefined {
  const wanted = comparable(folder)
  let found: Mount | undefined
  let length = -1
  for (const mount of mounts) {
    const at = comparable(mount.folder)
    const holds = at === '' ? wanted.startsWith('/') || wanted === '' : wanted === at || wanted.startsWith(`${at}/`)
    if (!holds || at.length < length) continue
    found = mount
    length = at.length
  }
  return found
}

/** Without slashes at the end. Windows writes them the other way, and tells no case apart. */
function comparable(path: string): string {
  const windows = /^(?:[a-z]:|\\\\)/i.test(path)
  const slashed = path.replaceAll('\\', windows ? '/' : '\\').replace(/\/+$/, '')
  return windows ? slashed.toLowerCase() : slashed
}

const networkTypes: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs'])

/** What a file share of a gateway is mounted as. */
export function isNetwork({ type }: Pick<Mount, 'type'>): boolean {
  return networkTypes.has(type)
}

export type MountVerdict = 'good' | 'not-mounted' | 'another'

/** @param before what was pushed to earlier. @param now `undefined`: the folder lies on no mount that is known. */
export function judgeMount(now: MountIdentity | undefined, before: MountIdentity | undefined): MountVerdict {
  if (now === undefined || !isNetwork(now))
    return before !== undefined && now !== undefined && sameMount(now, before) ? 'good' : 'not-mounted'
  return before === undefined || sameMount(now, before) ? 'good' : 'another'
}

function sameMount(one: MountIdentity, other: MountIdentity): boolean {
  // The version of the protocol may be another after a restart.
  return one.from === other.from && one.type.replace(/\d+$/, '') === other.type.replace(/\d+$/, '')
}

function partsOf(from: string): { readonly server: string; readonly path: string; readonly protocol: 'NFS' | 'SMB' } | undefined {
  // macOS puts the user in front of the server: //user@server/name.
  const smb = /^\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(from)
  if (smb?.[1] !== undefined && smb[2] !== undefined) return { server: smb[1], path: smb[2], protocol: 'SMB' }
  const nfs = /^(\[[^\]]+\]|[^:/]+):(\/.*)$/.exec(from)
  if (nfs?.[1] !== undefined && nfs[2] !== undefined) return { server: nfs[1].replace(/^\[|\]$/g, ''), path: nfs[2], protocol: 'NFS' }
  return undefined
}

/** A folder below the share may be mounted as well; it is not the share. SMB's names do not tell upper from lower case. */
function sameName(path: string | null, mounted: string, protocol: 'NFS' | 'SMB'): boolean {
  if (path === null) return false
  const [a, b] = [path, mounted].map((one) => one.replace(/^\/+|\/+$/g, ''))
  return protocol === 'SMB' ? a?.toLowerCase() === b?.toLowerCase() : a === b
}
