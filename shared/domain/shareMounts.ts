/** Which mount of this machine is which share, and on which mount a folder lies. */
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

const overTheNetwork: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs'])

/** What a File Gateway's share can be mounted as: NFS and SMB, by the names of Linux and macOS. */
export function isNetwork({ type }: Pick<Mount, 'type'>): boolean {
  return overTheNetwork.has(type)
}

/**
 * On which of all the machine's mounts a folder lies: the one with the longest path above it, and of those at one place the last, which hides the others.
 * `folder`: absolute, its links resolved.
 */
export function mountUnder(folder: string, mounts: readonly Mount[]): Mount | undefined {
  let found: { readonly mount: Mount; readonly length: number } | undefined
  for (const mount of mounts) {
    const above = partsOfPath(mount.folder)
    const below = partsOfPath(folder)
    if (above.length > below.length || above.some((part, at) => part !== below[at])) continue
    if (found === undefined || above.length >= found.length) found = { mount, length: above.length }
  }
  return found?.mount
}

/**
 * Where a folder's bytes go, told so that mounting the same again in another way gives the same words: the server's name in small letters and without
 * a user, the export, and the way from the mount to the folder.
 */
export function originOf(folder: string, mount: Mount): string {
  const way = partsOfPath(folder).slice(partsOfPath(mount.folder).length)
  const smb = /^\/\/(?:[^@/]*@)?(.+)$/.exec(mount.from)
  const nfs = /^(\[[^\]]+\]|[^:/]+):(.*)$/.exec(mount.from)
  const from = smb?.[1] !== undefined ? `//${smb[1].toLowerCase()}` : nfs === null ? mount.from : `${nfs[1]?.toLowerCase()}:${nfs[2]}`
  return [from.replace(/\/+$/, ''), ...way].join('/')
}

/** Windows' drives and its `\\\\server\\share` do not tell upper from lower case. */
function partsOfPath(path: string): readonly string[] {
  const windows = /^[A-Za-z]:|^\\\\/.test(path)
  const parts = (windows ? path.toLowerCase().replaceAll('\\', '/') : path).split('/').filter((part) => part !== '')
  return windows && path.startsWith('\\\\') ? ['\\\\', ...parts] : parts
}
