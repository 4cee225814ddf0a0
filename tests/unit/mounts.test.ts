/** Which folder of this machine is which share, read from what Linux, macOS and Windows say of their mounts. */
import { realpathSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mountsOf, readMacMounts, readMountInfo, readSmbMappings } from '../../main/files/mounts.ts'
import type { GatewayFound, Mount, ShareFound } from '../../shared/domain/gateway.ts'
import { isNetwork, matchMounts, mountUnder, originOf } from '../../shared/domain/shareMounts.ts'

describe('what the system says', () => {
  test('Linux: all file systems with their devices, and with blanks in their names', () => {
    const text = [
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '90 22 0:52 / /mnt/pacs\\040archive rw shared:9 master:2 - nfs4 10.1.2.3:/radiology rw,hard,vers=4.1',
      '91 22 0:1025 / /mnt/mammo ro - cifs //10.1.2.3/Mammo\\040Graphie rw,sec=krb5',
      'what a later kernel may write',
      '',
    ].join('\n')
    expect(readMountInfo(text)).toEqual([
      { from: '/dev/sda1', folder: '/', type: 'ext4', options: ['rw', 'relatime'], device: 0x801 },
      { from: '10.1.2.3:/radiology', folder: '/mnt/pacs archive', type: 'nfs4', options: ['rw', 'hard', 'vers=4.1'], device: 52 },
      { from: '//10.1.2.3/Mammo Graphie', folder: '/mnt/mammo', type: 'cifs', options: ['ro', 'rw', 'sec=krb5'], device: 0x400001 },
    ])
    expect(readMountInfo(text).map(isNetwork)).toEqual([false, true, true])
  })

  test.skipIf(process.platform !== 'linux')('the device that it tells is the one that files have', async () => {
    const here = await mountsOf(new AbortController().signal)
    const found = mountUnder(realpathSync('/proc/self/fd/..'), here)
    expect(found).toMatchObject({ type: 'proc', device: statSync('/proc').dev })
  })

  test('macOS: with user, words in parentheses, and %20', () => {
    const text = [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      '//ada@gateway.hospital.test/Mammo%20Graphie on /Volumes/Mammo Graphie (smbfs, nodev, nosuid, mounted by ada)',
      '10.1.2.3:/radiology on /Volumes/pacs (nfs, nodev, nosuid, read-only)',
    ].join('\n')
    expect(readMacMounts(text)).toEqual([
      { from: '/dev/disk3s1s1', folder: '/', type: 'apfs', options: ['sealed', 'local', 'read-only', 'journaled'] },
      {
        from: '//ada@gateway.hospital.test/Mammo Graphie',
        folder: '/Volumes/Mammo Graphie',
        type: 'smbfs',
        options: ['nodev', 'nosuid', 'mounted by ada'],
      },
      { from: '10.1.2.3:/radiology', folder: '/Volumes/pacs', type: 'nfs', options: ['nodev', 'nosuid', 'read-only'] },
    ])
  })

  test('Windows: none, one and several mappings, with and without a drive letter', () => {
    const one = { LocalPath: 'Z:', RemotePath: '\\\\10.1.2.3\\radiology' }
    expect(readSmbMappings('\r\n')).toEqual([])
    expect(readSmbMappings(JSON.stringify(one))).toEqual([{ from: '//10.1.2.3/radiology', folder: 'Z:\\', type: 'cifs', options: [] }])
    expect(readSmbMappings(JSON.stringify([one, { LocalPath: '', RemotePath: '\\\\10.1.2.3\\ct' }]))).toMatchObject([
      { folder: 'Z:\\' },
      { folder: '\\\\10.1.2.3\\ct' },
    ])
    expect(() => readSmbMappings('Get-SmbMapping : Zugriff verweigert')).toThrow(SyntaxError)
  })

  test('this machine can be asked', async () => {
    expect(Array.isArray(await mountsOf(new AbortController().signal))).toBe(true)
  })
})

describe('which share a mount is', () => {
  const share = (shareId: string, path: string, protocol: 'NFS' | 'SMB' = 'NFS') =>
    ({ shareArn: `arn:${shareId}`, shareId, path, protocol }) as ShareFound
  const gateway = (address: string, ...shares: ShareFound[]) => ({ addresses: [address], shares }) as unknown as GatewayFound
  const mounted = (from: string, options: readonly string[] = ['rw', 'hard']): Mount => ({ from, folder: '/mnt/a', type: 'nfs4', options })

  test('the one of the gateway’s address, even where another gateway has one of the same path', () => {
    const gateways = [gateway('10.0.0.1', share('a', '/pacs')), gateway('10.0.0.2', share('b', '/pacs'))]
    expect(matchMounts(gateways, [mounted('10.0.0.2:/pacs')])).toEqual([
      { shareArn: 'arn:b', folder: '/mnt/a', readOnly: false, soft: false },
    ])
  })
  test('by name where only one share has this path; of two it could be, neither', () => {
    expect(matchMounts([gateway('10.0.0.1', share('a', '/pacs'))], [mounted('gw.hospital.test:/pacs')])).toMatchObject([
      { shareArn: 'arn:a' },
    ])
    const two = [gateway('10.0.0.1', share('a', '/pacs')), gateway('10.0.0.2', share('b', '/pacs'))]
    expect(matchMounts(two, [mounted('gw.hospital.test:/pacs')])).toEqual([])
  })
  test('not a folder below it, another protocol, or another’s share', () => {
    const gateways = [gateway('10.0.0.1', share('a', '/pacs'))]
    for (const from of ['10.0.0.1:/pacs/2019', '//10.0.0.1/pacs', '10.0.0.1:/other'])
      expect(matchMounts(gateways, [mounted(from)])).toEqual([])
  })
  test('SMB in whatever case, IPv6 in brackets', () => {
    expect(matchMounts([gateway('10.0.0.1', share('a', 'Radiology', 'SMB'))], [mounted('//ada@10.0.0.1/RADIOLOGY')])).toHaveLength(1)
    expect(matchMounts([gateway('fd00::1', share('a', '/pacs'))], [mounted('[fd00::1]:/pacs')])).toHaveLength(1)
  })
  test('soft and read-only mounts are told; SMB’s soft is its usual way', () => {
    const gateways = [gateway('10.0.0.1', share('a', '/pacs'), share('b', 'pacs', 'SMB'))]
    expect(matchMounts(gateways, [mounted('10.0.0.1:/pacs', ['ro', 'soft'])])).toMatchObject([{ readOnly: true, soft: true }])
    expect(matchMounts(gateways, [mounted('//10.0.0.1/pacs', ['rw', 'soft'])])).toMatchObject([{ readOnly: false, soft: false }])
  })
})

describe('on which mount a folder lies', () => {
  const mount = (folder: string, from: string, type = 'nfs4'): Mount => ({ from, folder, type, options: [] })
  const root = mount('/', '/dev/sda1', 'ext4')
  const pacs = mount('/mnt/pacs', 'gw:/pacs')

  test.each([
    ['the mount point itself', '/mnt/pacs', pacs],
    ['a folder below it', '/mnt/pacs/ct/2019', pacs],
    ['with a slash at its end', '/mnt/pacs/', pacs],
    ['the folder beside it whose name begins the same', '/mnt/pacs-old', root],
    ['the folder above it', '/mnt', root],
    ['in another case', '/mnt/PACS', root],
  ])('%s', (_, folder, expected) => {
    expect(mountUnder(folder, [root, pacs])).toBe(expected)
    expect(mountUnder(folder, [pacs, root])).toBe(expected)
  })
  test('a local disk that is mounted within a share is not the share', () => {
    const within = mount('/mnt/pacs/scratch', 'tmpfs', 'tmpfs')
    expect(mountUnder('/mnt/pacs/scratch/a', [root, pacs, within])).toBe(within)
  })
  test('of two at one place the later one, which hides the other', () => {
    const over = mount('/mnt/pacs', '/dev/sdb1', 'ext4')
    expect(mountUnder('/mnt/pacs/a', [root, pacs, over])).toBe(over)
  })
  test('on none when none is known', () => {
    expect(mountUnder('/mnt/pacs', [])).toBeUndefined()
    expect(mountUnder('/mnt/pacs', [mount('/mnt/other', 'gw:/other')])).toBeUndefined()
  })
  test('Windows’ drives, in whatever case', () => {
    const drive = mount('Z:\\', '//10.1.2.3/radiology', 'cifs')
    const unmapped = mount('\\\\10.1.2.3\\ct', '//10.1.2.3/ct', 'cifs')
    expect(mountUnder('z:\\CT\\2019', [drive, unmapped])).toBe(drive)
    expect(mountUnder('\\\\10.1.2.3\\CT\\a', [drive, unmapped])).toBe(unmapped)
    expect(mountUnder('C:\\share', [drive, unmapped])).toBeUndefined()
  })
  test('where its bytes go is told the same however it was mounted', () => {
    expect(originOf('/mnt/pacs/ct', pacs)).toBe('gw:/pacs/ct')
    expect(originOf('/media/ct', mount('/media/ct', 'GW:/pacs/ct/', 'nfs'))).toBe('gw:/pacs/ct')
    expect(originOf('/Volumes/ct', mount('/Volumes/ct', '//ada@Gateway/CT', 'smbfs'))).toBe('//gateway/ct')
    expect(originOf('/mnt/ct', mount('/mnt/ct', '//gateway/ct', 'cifs'))).toBe('//gateway/ct')
    expect(originOf('/mnt/a', mount('/mnt/a', '[FD00::1]:/pacs'))).toBe('[fd00::1]:/pacs')
    expect(originOf('/mnt/pacs/Ct', pacs)).not.toBe(originOf('/mnt/pacs/ct', pacs))
  })
})
