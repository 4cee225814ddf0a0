/** Which folder of this machine is which share, read from what Linux, macOS and Windows say of their mounts. */
import { describe, expect, test } from 'vitest'
import { readMacMounts, readProcMounts, readSmbMappings, networkMounts } from '../../main/files/mounts.ts'
import type { GatewayFound, Mount, ShareFound } from '../../shared/domain/gateway.ts'
import { matchMounts } from '../../shared/domain/shareMounts.ts'

describe('what the system says', () => {
  test('Linux: network file systems alone, with blanks in their names', () => {
    const text = [
      'proc /proc proc rw,nosuid 0 0',
      '/dev/sda1 / ext4 rw,relatime 0 0',
      '10.1.2.3:/radiology /mnt/pacs\\040archive nfs4 rw,hard,vers=4.1 0 0',
      '//10.1.2.3/Mammo\\040Graphie /mnt/mammo cifs ro,sec=krb5 0 0',
      '',
    ].join('\n')
    expect(readProcMounts(text)).toEqual([
      { from: '10.1.2.3:/radiology', folder: '/mnt/pacs archive', type: 'nfs4', options: ['rw', 'hard', 'vers=4.1'] },
      { from: '//10.1.2.3/Mammo Graphie', folder: '/mnt/mammo', type: 'cifs', options: ['ro', 'sec=krb5'] },
    ])
  })

  test('macOS: with user, words in parentheses, and %20', () => {
    const text = [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      '//ada@gateway.hospital.test/Mammo%20Graphie on /Volumes/Mammo Graphie (smbfs, nodev, nosuid, mounted by ada)',
      '10.1.2.3:/radiology on /Volumes/pacs (nfs, nodev, nosuid, read-only)',
    ].join('\n')
    expect(readMacMounts(text)).toEqual([
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
    expect(Array.isArray(await networkMounts(new AbortController().signal))).toBe(true)
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
