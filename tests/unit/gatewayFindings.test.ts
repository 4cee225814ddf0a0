/** What a tired administrator is told of the gateways of an account, one wrong setting at a time. */
import { describe, expect, test } from 'vitest'
import type { GatewayFound, MountFound, ShareBucket, ShareFound } from '../../shared/domain/gateway.ts'
import { findingCodes, judgeGateways, keepsFromPushing, weights, type JudgedBy } from '../../shared/domain/gatewayFindings.ts'
import { findingInEnglish } from '../../shared/domain/gatewayFindingWords.ts'

const now = Date.UTC(2026, 10, 26)
const share: ShareFound = {
  shareArn: 'arn:aws:storagegateway:eu-central-1:111122223333:share/share-0A1B2C3D',
  shareId: 'share-0A1B2C3D',
  protocol: 'NFS',
  status: 'AVAILABLE',
  bucket: 'radiology',
  prefix: 'pacs/',
  locationArn: 'arn:aws:s3:::radiology/pacs/',
  path: '/radiology',
  storageClass: 'S3_STANDARD',
  encryption: 'SseKms',
  objectAcl: 'private',
  readOnly: false,
  auditLog: true,
  clients: ['10.1.0.0/16'],
  squash: 'RootSquash',
  authentication: null,
  caseSensitivity: null,
}
const gateway: GatewayFound = {
  gatewayArn: 'arn:aws:storagegateway:eu-central-1:111122223333:gateway/sgw-12A3456B',
  gatewayId: 'sgw-12A3456B',
  name: 'imaging',
  type: 'FILE_S3',
  operationalState: 'ACTIVE',
  state: 'RUNNING',
  capacity: 'Medium',
  version: '1.26.3',
  supportEnds: null,
  healthLog: true,
  smbSecurity: 'MandatoryEncryption',
  addresses: ['10.1.2.3'],
  cache: { allocatedBytes: 2e12, usedPercent: 40, dirtyPercent: 3 },
  shares: [share],
  unasked: [],
}
const bucket: ShareBucket = { bucket: 'radiology', archiving: [], unasked: undefined }
const mount: MountFound = { shareArn: share.shareArn, folder: '/mnt/pacs', readOnly: false, soft: false }

type Changes = {
  readonly gateway?: Partial<GatewayFound>
  readonly share?: Partial<ShareFound>
  readonly bucket?: Partial<ShareBucket>
  readonly mount?: Partial<MountFound>
  readonly by?: Partial<JudgedBy>
}

function judged(changes: Changes = {}) {
  return judgeGateways({
    gateways: [{ ...gateway, shares: [{ ...share, ...changes.share }], ...changes.gateway }],
    buckets: [{ ...bucket, ...changes.bucket }],
    mounts: [{ ...mount, ...changes.mount }],
    wantsKms: true,
    dayBytes: 1e12,
    skew: new Map(),
    now,
    ...changes.by,
  })
}
const rule = { id: 'to-glacier', prefix: '', storageClass: 'DEEP_ARCHIVE', days: 30 }
const second = { ...share, shareArn: `${share.shareArn}2`, shareId: 'share-2' }

describe('a gateway as it should be', () => {
  test('has nothing wrong with it', () => {
    expect(judged()).toEqual([])
  })
})

describe('what is wrong is told by name, with the share or gateway it is about', () => {
  const cases: readonly (readonly [string, Changes, string, string])[] = [
    ['a client list that lets everybody mount', { share: { clients: ['10.0.0.0/8', '0.0.0.0/0'] } }, 'clients-anyone', 'grave'],
    ['the same in IPv6', { share: { clients: ['::/0'] } }, 'clients-anyone', 'grave'],
    ['root of a client that stays root', { share: { squash: 'NoSquash' } }, 'no-squash', 'warning'],
    ['guest access', { share: { protocol: 'SMB', authentication: 'GuestAccess' } }, 'guest-access', 'grave'],
    ['a public access list', { share: { objectAcl: 'public-read' } }, 'acl-public', 'grave'],
    ['one for every AWS account', { share: { objectAcl: 'authenticated-read' } }, 'acl-public', 'grave'],
    ['S3’s own key where one of KMS is wanted', { share: { encryption: 'SseS3' } }, 'no-kms', 'warning'],
    ['no audit log', { share: { auditLog: false } }, 'no-audit-log', 'warning'],
    ['a read-only share', { share: { readOnly: true } }, 'read-only', 'warning'],
    ['a share that AWS calls something new', { share: { status: 'UNHAPPY' } }, 'share-not-available', 'grave'],
    ['a rule that archives the whole bucket', { bucket: { archiving: [rule] } }, 'lifecycle-archives', 'grave'],
    [
      'one that archives a part of the share',
      { bucket: { archiving: [{ ...rule, prefix: 'pacs/2019/' }] } },
      'lifecycle-archives',
      'grave',
    ],
    [
      'one whose prefix is a beginning of the share’s',
      { bucket: { archiving: [{ ...rule, prefix: 'pa' }] } },
      'lifecycle-archives',
      'grave',
    ],
    ['rules that nobody may read', { bucket: { archiving: undefined, unasked: 'aws-denied' } }, 'archive-not-checked', 'warning'],
    ['a share behind an access point', { share: { bucket: null, prefix: '' } }, 'archive-not-checked', 'warning'],
    ['a cache smaller than a day’s push', { by: { dayBytes: 3e12 } }, 'cache-small', 'warning'],
    ['a clock five minutes ahead', { by: { skew: new Map([[share.shareArn, 300_000]]) } }, 'clock-skewed', 'grave'],
    ['a clock five minutes behind', { by: { skew: new Map([[share.shareArn, -300_000]]) } }, 'clock-skewed', 'grave'],
    ['a soft mount', { mount: { soft: true } }, 'mount-soft', 'warning'],
    ['a read-only mount', { mount: { readOnly: true } }, 'mount-read-only', 'warning'],
    ['a gateway that is off', { gateway: { operationalState: 'DISABLED' } }, 'gateway-not-running', 'grave'],
    ['software that AWS no longer supports', { gateway: { supportEnds: now - 1 } }, 'support-ended', 'warning'],
    ['no health log', { gateway: { healthLog: false } }, 'no-health-log', 'warning'],
    [
      'a question that was refused',
      { gateway: { unasked: [{ call: 'storagegateway:DescribeCache', code: 'aws-denied' }] } },
      'not-asked',
      'warning',
    ],
  ]
  test.each(cases)('%s', (_name, changes, code, weight) => {
    expect(judged(changes)).toMatchObject([{ code, weight }])
  })

  test('SMB that leaves signing to its clients', () => {
    expect(judged({ gateway: { smbSecurity: 'ClientSpecified' }, share: { protocol: 'SMB' } })).toMatchObject([{ code: 'smb-unsigned' }])
    expect(judged({ gateway: { smbSecurity: 'ClientSpecified' } })).toEqual([])
  })

  test('two shares over the same objects, told of both; beside one another they are fine', () => {
    const shares = (prefix: string) => judged({ gateway: { shares: [share, { ...second, prefix }] } })
    expect(shares('pacs/2019/').map(({ code, of }) => `${code} ${of}`)).toEqual([
      `prefix-shared ${share.shareArn}`,
      `prefix-shared ${second.shareArn}`,
    ])
    expect(shares('other/')).toEqual([])
  })

  test.each(['CACHED', 'STORED', 'VTL', 'FILE_FSX_SMB'])(
    'a gateway of type %s cannot be verified behind, and nothing else of it matters',
    (type) => {
      expect(judged({ gateway: { type, shares: [], operationalState: 'DISABLED' } })).toMatchObject([
        { code: 'not-verifiable', weight: 'note' },
      ])
    },
  )
})

describe('what is not wrong', () => {
  test.each([
    ['a rule over another part of the bucket', { bucket: { archiving: [{ ...rule, prefix: 'backups/' }] } }],
    ['a clock that is off by less than five minutes', { by: { skew: new Map([[share.shareArn, 299_999]]) } }],
    ['S3’s own key where nobody asked for KMS', { share: { encryption: 'SseS3' }, by: { wantsKms: false } }],
    ['support that ends tomorrow', { gateway: { supportEnds: now + 86_400_000 } }],
  ] as readonly (readonly [string, Changes])[])('%s', (_name, changes) => {
    expect(judged(changes)).toEqual([])
  })
})

describe('what keeps from pushing', () => {
  const kept = (changes: Changes) => keepsFromPushing(judged(changes), share.shareArn)?.code
  test('objects that are archived while the gateway still works on them, and a second share over the same ones', () => {
    expect(kept({ bucket: { archiving: [{ ...rule, days: 29 }] } })).toBe('lifecycle-archives')
    expect(kept({ bucket: { archiving: [{ ...rule, days: undefined }] } })).toBe('lifecycle-archives')
    expect(kept({ gateway: { shares: [share, second] } })).toBe('prefix-shared')
  })
  test('not a rule that is due later, one of another share, or what a person has to decide', () => {
    expect(kept({ bucket: { archiving: [rule] } })).toBeUndefined()
    expect(kept({ share: { clients: ['0.0.0.0/0'], auditLog: false } })).toBeUndefined()
    expect(keepsFromPushing(judged({ bucket: { archiving: [{ ...rule, days: 1 }] } }), 'another')).toBeUndefined()
  })
})

test('the grave comes first', () => {
  const found = judged({ share: { auditLog: false, clients: ['0.0.0.0/0'] }, gateway: { healthLog: false } })
  expect(found.map(({ weight }) => weights.indexOf(weight))).toEqual([0, 1, 1].slice(0, found.length))
})

test('every finding has words and says what to do', () => {
  for (const code of findingCodes) {
    const { what, todo } = findingInEnglish({ code, weight: 'note', of: share.shareArn, facts: { ended: now } })
    expect(`${what}${todo}`).not.toMatch(/undefined|NaN/)
    expect(todo.length).toBeGreaterThan(10)
  }
})
