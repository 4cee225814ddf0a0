import { readdirSync, readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDicomHeader } from '../../main/source/dicomHeader.ts'
import { inflatePrefix } from '../../main/source/inflatePrefix.ts'
import { layouts, writeDicom, type Element } from '../../main/sandbox/archive/dicomWriter.ts'
import { toHex } from '../../shared/units/digest.ts'

const key = Buffer.from('a key of this migration')
const samples = 'tests/fixtures/dicom'

function sample(name: string): Buffer {
  return readFileSync(`${samples}/${name}`)
}

/** What dcmdump 3.6.7 says: modality, study date, SOP instance, study, series, transfer syntax; `-` for absent. */
const judgedByDcmdump: Record<string, string> = {
  'CT_small.dcm':
    'CT 20040119 1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322 1.3.6.1.4.1.5962.1.2.1.20040119072730.12322 1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322 1.2.840.10008.1.2.1',
  'ExplVR_LitEndNoMeta.dcm': 'RTPLAN 20150515 1.2.333.4444.5.6.7.8 1.2.333.4444.5.6.7.8.9 1.2.333.4444.5.6.7.8.99 -',
  'JPEG2000.dcm':
    'NM 20040826 1.3.6.1.4.1.5962.1.1.8.1.3.20040826185059.5457 1.3.6.1.4.1.5962.1.2.8.20040826185059.5457 1.3.6.1.4.1.5962.1.3.8.1.20040826185059.5457 1.2.840.10008.1.2.4.91',
  'JPGExtended.dcm':
    'NM 20040826 1.3.6.1.4.1.5962.1.1.8.1.5.20040826185059.5457 1.3.6.1.4.1.5962.1.2.8.20040826185059.5457 1.3.6.1.4.1.5962.1.3.8.1.20040826185059.5457 1.2.840.10008.1.2.4.51',
  'MR_small.dcm':
    'MR 20040826 1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457 1.3.6.1.4.1.5962.1.2.4.20040826185059.5457 1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457 1.2.840.10008.1.2.1',
  'MR_small_RLE.dcm':
    'MR 20040826 1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457 1.3.6.1.4.1.5962.1.2.4.20040826185059.5457 1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457 1.2.840.10008.1.2.5',
  'MR_small_bigendian.dcm':
    'MR 20040826 1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457 1.3.6.1.4.1.5962.1.2.4.20040826185059.5457 1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457 1.2.840.10008.1.2.2',
  'MR_small_implicit.dcm':
    'MR 20040826 1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457 1.3.6.1.4.1.5962.1.2.4.20040826185059.5457 1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457 1.2.840.10008.1.2',
  'MR_truncated.dcm':
    'MR 20040826 1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457 1.3.6.1.4.1.5962.1.2.4.20040826185059.5457 1.3.6.1.4.1.5962.1.3.4.1.20040826185059.5457 1.2.840.10008.1.2.1',
  'SC_rgb_rle.dcm':
    'OT 20170101 1.2.826.0.1.3680043.8.498.49043964482360854182530167603505525116 1.2.826.0.1.3680043.8.498.12406831542731051035295345080039845114 1.2.826.0.1.3680043.8.498.16157229083793556332623330502397121062 1.2.840.10008.1.2.5',
  'badVR.dcm':
    'RTDOSE 20030805 1.9.999.999.99.9.9999.9999.20030818153516 1.2.999.999.99.9.9999.8888 1.2.777.777.77.7.7777.7777 1.2.840.10008.1.2.1',
  'image_dfl.dcm':
    'OT - 1.3.6.1.4.1.5962.1.1.0.0.0.977067309.6001.0 1.3.6.1.4.1.5962.1.2.0.977067310.6001.0 1.3.6.1.4.1.5962.1.3.0.0.977067310.6001.0 1.2.840.10008.1.2.1.99',
  'media/77654033/CR1/6154':
    'CR 20010101 1.3.6.1.4.1.5962.1.1.0.0.0.1196527414.5534.0.11 1.3.6.1.4.1.5962.1.1.0.0.0.1196527414.5534.0.1 1.3.6.1.4.1.5962.1.1.0.0.0.1196527414.5534.0.10 1.2.840.10008.1.2.1',
  'media/77654033/CT2/17106':
    'CT 19950903 1.3.6.1.4.1.5962.1.1.0.0.0.1196530851.28319.0.93 1.3.6.1.4.1.5962.1.1.0.0.0.1196530851.28319.0.1 1.3.6.1.4.1.5962.1.1.0.0.0.1196530851.28319.0.2 1.2.840.10008.1.2.1',
  'media/DICOMDIR': '- - - - - 1.2.840.10008.1.2.1',
  'nested_priv_SQ.dcm': '- - - - - 1.2.840.10008.1.2',
  'reportsi.dcm':
    'SR - 1.2.276.0.7230010.3.1.4.1787205428.166.1117461927.10 1.2.276.0.7230010.3.1.2.1787205428.166.1117461927.5 1.2.276.0.7230010.3.1.3.1787205428.166.1117461927.11 1.2.840.10008.1.2.1',
  'rtdose.dcm':
    'RTDOSE 20030805 1.9.999.999.99.9.9999.9999.20030818153516 1.2.999.999.99.9.9999.8888 1.2.777.777.77.7.7777.7777 1.2.840.10008.1.2',
  'rtplan.dcm':
    'RTPLAN 20030716 1.2.777.777.77.7.7777.7777.20030903150023 1.22.333.4.555555.6.7777777777777777777777777777 1.2.333.444.55.6.7777.8888 1.2.840.10008.1.2',
  'rtstruct.dcm':
    'RTSTRUCT - 1.2.826.0.1.3680043.8.498.2010020400001 1.2.826.0.1.3680043.8.498.2010020400001.1 1.2.826.0.1.3680043.8.498.2010020400001.1.1 -',
  'test-SR.dcm':
    'SR - 1.2.276.0.7230010.3.1.4.2139363186.7819.982086466.4 1.2.276.0.7230010.3.1.4.2139363186.7819.982086466.2 1.2.276.0.7230010.3.1.4.2139363186.7819.982086466.3 1.2.840.10008.1.2.1',
  'waveform_ecg.dcm':
    'ECG 20130125 1.3.6.1.4.1.20029.40.20130125105919.5407.1.1 1.3.76.13.65829.2.20130125082826.1072139.2 1.3.6.1.4.1.20029.40.20130125105919.5407.1 1.2.840.10008.1.2.1',
}

describe('the sample files read as dcmdump reads them', () => {
  for (const [name, expected] of Object.entries(judgedByDcmdump)) {
    test(name, () => {
      const whole = sample(name)
      const { header } = readDicomHeader(whole, whole.length, key)
      const { modality, studyDate, sopUid, studyUid, seriesUid, transferSyntax } = header ?? {}
      expect([modality, studyDate, sopUid, studyUid, seriesUid, transferSyntax].map((value) => value ?? '-').join(' ')).toBe(expected)
    })

    test(`${name}: the first 8 KiB suffice`, () => {
      const whole = sample(name)
      const little = readDicomHeader(whole.subarray(0, 8192), whole.length, key)
      expect(little).toEqual(readDicomHeader(whole, whole.length, key))
      expect(little.needsMore).toBe(false)
    })
  }

  test('only the truncated one is called truncated', () => {
    const truncated = Object.keys(judgedByDcmdump).filter(
      (name) => readDicomHeader(sample(name), sample(name).length, key).anomalies.length > 0,
    )
    expect(truncated).toEqual(['MR_truncated.dcm'])
  })

  test('a data set shifted by a stray byte is not taken for DICOM, and dcmdump does not read it either', () => {
    const whole = sample('no_meta.dcm')
    expect(whole[0]).toBe(0x20)
    expect(readDicomHeader(whole, whole.length, key).header).toBeUndefined()
    expect(readDicomHeader(whole.subarray(1), whole.length - 1, key).header?.modality).toBe('CT')
  })

  test('a DICOMDIR is DICOM and belongs to no study', () => {
    const { header } = readDicomHeader(sample('media/DICOMDIR'), 11116, key)
    expect(header).toMatchObject({ sopClass: '1.2.840.10008.1.3.10', studyUid: undefined, sopUid: undefined })
  })
})

const studyElements = (more: readonly Element[] = []): Element[] =>
  [
    { tag: 0x00080016, vr: 'UI' as const, value: '1.2.840.10008.5.1.4.1.1.4' },
    { tag: 0x00080018, vr: 'UI' as const, value: '2.25.1' },
    { tag: 0x00080020, vr: 'DA' as const, value: '20200229' },
    { tag: 0x00080050, vr: 'SH' as const, value: 'ACC 77' },
    { tag: 0x00080060, vr: 'CS' as const, value: 'MR' },
    { tag: 0x00100020, vr: 'LO' as const, value: 'PID-4711' },
    { tag: 0x0020000d, vr: 'UI' as const, value: '2.25.2' },
    { tag: 0x0020000e, vr: 'UI' as const, value: '2.25.3' },
    { tag: 0x7fe00010, vr: 'OW' as const, value: new Uint8Array(64) },
    ...more,
  ].sort((a, b) => a.tag - b.tag)

function read(file: Uint8Array, wholeSize = file.length): ReturnType<typeof readDicomHeader> {
  return readDicomHeader(file, wholeSize, key)
}

describe('every way a file may be written', () => {
  test.each(layouts)('%s', (layout) => {
    const { header, anomalies } = read(writeDicom(studyElements(), layout, '1.2.840.10008.5.1.4.1.1.4', '2.25.1'))
    expect(header).toMatchObject({ studyUid: '2.25.2', seriesUid: '2.25.3', sopUid: '2.25.1', modality: 'MR', studyDate: '20200229' })
    expect(anomalies).toEqual([])
  })

  test.each(layouts)('%s, cut off anywhere: never a throw, and said to be truncated as long as it is known for DICOM', (layout) => {
    const whole = writeDicom(studyElements(), layout, '1.2.840.10008.5.1.4.1.1.4', '2.25.1')
    // A cut exactly between the series UID and the pixel data leaves a data set that could be meant so.
    const seriesEnd = whole.lastIndexOf('2.25.3') + 6
    const pixelsBegin = whole.length - 64
    for (let length = 0; length < whole.length; length += 1) {
      if (length >= seriesEnd && length < pixelsBegin) continue
      const { header, anomalies, needsMore } = read(whole.subarray(0, length))
      expect(needsMore).toBe(false)
      if (header !== undefined && length > 0)
        expect(anomalies, `cut at ${length} of ${whole.length}`).toEqual([{ code: 'header-truncated' }])
    }
  })

  test('a large private element before the study asks for more bytes, and the larger window finds the study', () => {
    const big: Element = { tag: 0x00090010, vr: 'OB', value: new Uint8Array(50_000) }
    const whole = writeDicom(studyElements([big]), 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1')
    const first = read(whole.subarray(0, 8192), whole.length)
    expect(first).toMatchObject({ needsMore: true, anomalies: [], header: { sopUid: '2.25.1', studyUid: undefined } })
    expect(read(whole.subarray(0, 131_072), whole.length)).toMatchObject({ needsMore: false, header: { studyUid: '2.25.2' } })
  })

  test('a deflated data set is inflated within a bound', () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024))
    expect(inflatePrefix(bomb).length).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(inflatePrefix(bomb).length).toBeGreaterThan(1024)
    expect(inflatePrefix(Buffer.from('this was never deflated'))).toHaveLength(0)
  })
})

describe('identifiers', () => {
  test('patient ID and accession number leave only as HMAC-SHA-256 of the value without padding', () => {
    const reading = read(writeDicom(studyElements(), 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1'))
    const hash = (of: string): string => createHmac('sha256', key).update(of).digest('hex')
    expect(toHex(reading.header?.patientHash ?? new Uint8Array())).toBe(hash('PID-4711'))
    expect(toHex(reading.header?.accessionHash ?? new Uint8Array())).toBe(hash('ACC 77'))
    expect(JSON.stringify(reading)).not.toMatch(/4711|ACC/)
  })

  test('each patient and each migration has a hash of its own, in whatever order their files come', () => {
    const of = (patient: string, by: Uint8Array): string => {
      const elements = studyElements().map((element) => (element.tag === 0x00100020 ? { ...element, value: patient } : element))
      const file = writeDicom(elements, 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1')
      return toHex(readDicomHeader(file, file.length, by).header?.patientHash ?? new Uint8Array())
    }
    const other = Buffer.from('a key of another migration')
    const patients = ['A', 'B', 'A', 'C', 'D', 'E', 'F', 'B', 'A'].flatMap((patient) => [key, other].map((by) => ({ patient, by })))
    const expected = patients.map(({ patient, by }) => createHmac('sha256', by).update(patient).digest('hex'))
    expect(patients.map(({ patient, by }) => of(patient, by))).toEqual(expected)
  })

  test.each(['1.2.x', '1..2', '', '.1', '1'.repeat(65), 'MRN 4711'])('%j is no UID and identifies no study', (value) => {
    const elements = studyElements().map((element) => (element.tag === 0x0020000d ? { ...element, value } : element))
    expect(read(writeDicom(elements, 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1')).header?.studyUid).toBeUndefined()
  })

  test.each(['2020-02-29', '20201301', '2020', '20200230'.replace('30', '32')])('%s is no study date', (value) => {
    const elements = studyElements().map((element) => (element.tag === 0x00080020 ? { ...element, value } : element))
    expect(read(writeDicom(elements, 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1')).header?.studyDate).toBeUndefined()
  })
})

describe('what is not DICOM', () => {
  test.each([
    ['text', Buffer.from('Dear colleague, DICM is a magic word. '.repeat(50))],
    ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['ZIP', Buffer.from('504b0304140000000800', 'hex')],
    ['little-endian group 8 followed by noise', Buffer.concat([Buffer.from('08000500', 'hex'), Buffer.alloc(4000, 7)])],
    ['nothing', Buffer.alloc(0)],
  ])('%s', (_, file) => {
    expect(read(file)).toEqual({ header: undefined, anomalies: [], needsMore: false })
  })

  test('random bytes never throw and are never DICOM', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (file) => {
        expect(read(file).header).toBeUndefined()
      }),
      { seed: 20261124, numRuns: 3000 },
    )
  })

  test('random bytes after a DICOM beginning never throw', () => {
    const begin = writeDicom(studyElements().slice(0, 3), 'explicit', '1.2.840.10008.5.1.4.1.1.4', '2.25.1')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(begin.length), (noise, at) => {
        const file = Buffer.concat([begin.subarray(0, at), noise])
        const { header } = read(file, file.length)
        for (const uid of [header?.studyUid, header?.seriesUid, header?.sopUid])
          if (uid !== undefined) expect(uid).toMatch(/^[0-9.]{1,64}$/)
      }),
      { seed: 20261124, numRuns: 3000 },
    )
  })

  test('every sample is listed above', () => {
    const all = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.includes('.dcm') || name.startsWith('media/'),
    )
    const same = ['no_meta.dcm', 'CR2', 'CR3', 'CT2', 'CR1', 'media/77654033']
    const missing = all.filter((name) => !(name in judgedByDcmdump) && !same.some((part) => name.includes(part)))
    expect(missing).toEqual([])
  })
})
