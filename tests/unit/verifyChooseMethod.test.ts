import { describe, expect, test } from 'vitest'
import type { ObjectHead } from '../../shared/ports/objectStore.ts'
import { fromBase64, fromHex } from '../../shared/units/digest.ts'
import { chooseMethod, type Choice, type Journalled } from '../../main/verify/chooseMethod.ts'

const raw = (of: string): Uint8Array => fromBase64(of) ?? new Uint8Array()
const sha256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
const crc64 = 'M3eFcAZSQlc='
const composite = 'cwXbmyq8zXBsJW2z2X5f9I1nfP5NOlkEr7faDjlQ4eI='
const md5 = '5d41402abc4b2a76b9719d911017c592'
const both: Journalled = { sha256: raw(sha256), crc64nvme: raw(crc64) }
const none: Journalled = { sha256: undefined, crc64nvme: undefined }

function head(shown: Partial<ObjectHead>): ObjectHead {
  return {
    size: 5,
    etag: md5,
    versionId: 'v1',
    checksumType: undefined,
    checksums: [],
    encryption: 'AES256',
    customerKey: false,
    storageClass: 'STANDARD',
    metadata: {},
    ...shown,
  }
}

type Row = readonly [name: string, shown: Partial<ObjectHead>, journalled: Journalled, readBack: boolean, expected: Choice]

const full = (algorithm: string, value: string): Partial<ObjectHead> => ({ checksumType: 'FULL_OBJECT', checksums: [{ algorithm, value }] })
const parts = (algorithm: string, value: string): Partial<ObjectHead> => ({
  checksumType: 'COMPOSITE',
  checksums: [{ algorithm, value }],
  etag: `${md5}-2`,
})
const etagOfData: Choice = { kind: 'source-whole', method: 'etag-md5', algorithm: 'MD5', actual: fromHex(md5) ?? new Uint8Array() }
const etagOfParts: Choice = {
  kind: 'source-parts',
  method: 'etag-multipart',
  algorithm: 'MD5',
  actual: { bytes: fromHex(md5) ?? new Uint8Array(), parts: 2 },
}
const nothing = (reason: 'no-comparable-digest' | 'customer-key' | 'archived'): Choice => ({ kind: 'nothing', reason })

const table: readonly Row[] = [
  [
    'a whole-object SHA-256 is compared with the journalled one',
    full('SHA256', sha256),
    both,
    false,
    { kind: 'journalled', algorithm: 'SHA256', expected: raw(sha256), actual: raw(sha256) },
  ],
  [
    'a whole-object CRC64NVME is compared with the journalled one',
    full('CRC64NVME', crc64),
    both,
    false,
    { kind: 'journalled', algorithm: 'CRC64NVME', expected: raw(crc64), actual: raw(crc64) },
  ],
  [
    'a whole-object checksum of a multipart object too',
    { ...full('CRC64NVME', crc64), etag: `${md5}-2` },
    both,
    false,
    { kind: 'journalled', algorithm: 'CRC64NVME', expected: raw(crc64), actual: raw(crc64) },
  ],
  [
    'of two checksums the journalled one decides',
    {
      checksumType: 'FULL_OBJECT',
      checksums: [
        { algorithm: 'CRC32', value: 'NhCmhg==' },
        { algorithm: 'CRC64NVME', value: crc64 },
      ],
    },
    both,
    false,
    { kind: 'journalled', algorithm: 'CRC64NVME', expected: raw(crc64), actual: raw(crc64) },
  ],
  [
    'under KMS a checksum counts as well',
    { ...full('SHA256', sha256), encryption: 'aws:kms', etag: 'opaque' },
    both,
    false,
    { kind: 'journalled', algorithm: 'SHA256', expected: raw(sha256), actual: raw(sha256) },
  ],
  [
    'in an archive class a checksum counts as well',
    { ...full('SHA256', sha256), storageClass: 'DEEP_ARCHIVE' },
    both,
    false,
    { kind: 'journalled', algorithm: 'SHA256', expected: raw(sha256), actual: raw(sha256) },
  ],
  [
    'a digest that is not journalled is taken from the source',
    full('SHA256', sha256),
    none,
    false,
    { kind: 'source-whole', method: 'head-full-object', algorithm: 'SHA256', actual: raw(sha256) },
  ],
  [
    'another algorithm is computed from the source',
    full('CRC32', 'NhCmhg=='),
    both,
    false,
    { kind: 'source-whole', method: 'head-full-object', algorithm: 'CRC32', actual: raw('NhCmhg==') },
  ],
  [
    "a composite is computed from the source's ranges",
    parts('SHA256', `${composite}-2`),
    both,
    false,
    { kind: 'source-parts', method: 'parts-composite', algorithm: 'SHA256', actual: { bytes: raw(composite), parts: 2 } },
  ],
  [
    'a composite that is told without its count of parts too',
    parts('SHA256', composite),
    both,
    false,
    { kind: 'source-parts', method: 'parts-composite', algorithm: 'SHA256', actual: { bytes: raw(composite), parts: undefined } },
  ],
  [
    'a store that names no type means composite where there are parts',
    { ...parts('SHA256', `${composite}-2`), checksumType: undefined },
    both,
    false,
    { kind: 'source-parts', method: 'parts-composite', algorithm: 'SHA256', actual: { bytes: raw(composite), parts: 2 } },
  ],
  [
    'a store that names no type means the whole where there are none',
    { ...full('SHA256', sha256), checksumType: undefined },
    both,
    false,
    { kind: 'journalled', algorithm: 'SHA256', expected: raw(sha256), actual: raw(sha256) },
  ],
  ['without checksum an ETag of 32 digits is an MD5 under AES256', {}, both, false, etagOfData],
  ['and without encryption', { encryption: undefined }, both, false, etagOfData],
  ['an algorithm that Firn cannot compute leaves the ETag', full('XXHASH128', 'AAAAAAAAAAAAAAAAAAAAAA=='), both, false, etagOfData],
  ['a checksum of the wrong length is passed over', full('SHA256', crc64), both, false, etagOfData],
  ["an archived object's ETag counts", { storageClass: 'GLACIER' }, both, true, etagOfData],
  ['a multipart ETag can be compared by parts', { etag: `${md5}-2` }, both, false, etagOfParts],
  ['but read-back says more, where allowed', { etag: `${md5}-2` }, both, true, { kind: 'read-back' }],
  ['a multipart ETag in an archive class stays the best there is', { etag: `${md5}-2`, storageClass: 'GLACIER' }, both, true, etagOfParts],
  ['under KMS an ETag is not looked at', { encryption: 'aws:kms' }, both, false, nothing('no-comparable-digest')],
  ['nor under dual-layer KMS', { encryption: 'aws:kms:dsse' }, both, false, nothing('no-comparable-digest')],
  ['nor a multipart one', { encryption: 'aws:kms', etag: `${md5}-2` }, both, false, nothing('no-comparable-digest')],
  ['KMS without checksum is read back where allowed', { encryption: 'aws:kms' }, both, true, { kind: 'read-back' }],
  ['but not from an archive class', { encryption: 'aws:kms', storageClass: 'GLACIER' }, both, true, nothing('archived')],
  [
    "an object under a customer's key cannot be read back",
    { encryption: undefined, customerKey: true },
    both,
    true,
    nothing('customer-key'),
  ],
  ['nor does its ETag count', { encryption: undefined, customerKey: true }, both, false, nothing('customer-key')],
  ['an ETag of no known form tells nothing', { etag: 'b54357faf0632cce46e942fa68356b38x' }, both, false, nothing('no-comparable-digest')],
]

describe('the decision table', () => {
  test.each(table)('%s', (_name, shown, journalled, readBack, expected) => {
    expect(chooseMethod(head(shown), journalled, readBack)).toEqual(expected)
  })
})
