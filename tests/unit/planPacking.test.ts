import fc from 'fast-check'
import { pack as tarPack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { laneChooser } from '../../main/plan/divide.ts'
import { deviceCapacity, groupsOf, measureItem, type ItemGroup } from '../../main/plan/groupStudies.ts'
import { makeBatches } from '../../main/plan/makeBatches.ts'
import { devicePacker } from '../../main/plan/packDevices.ts'
import { parsePlanAnswers, type PlanAnswers } from '../../shared/contract/planAnswers.ts'
import { tarEndBytes, tarMemberBytes } from '../../shared/domain/batch.ts'
import type { Item, ItemId } from '../../shared/domain/item.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'

const seed = 20_261_124
const limits = { smallBelow: 4000, members: 5, tarBytes: 24_000 }

type Study = StudyLoad & { readonly contents: readonly Item[] }
type Placed = { readonly item: Item; readonly group: ItemGroup; readonly batch: number | undefined }

function answersFor(usableBytes: number): PlanAnswers {
  return parsePlanAnswers({
    today: '2026-11-24',
    snowball: 'yes',
    snowballEnds: null,
    device: { usableBytes, fill: 0.9 },
    batch: limits,
    division: { kind: 'by-study-date', deviceBefore: '20200101' },
  })
}

function studiesOf(
  sizes: readonly { items: readonly number[]; old: boolean; noDevice: boolean; noShare: boolean; archive: number }[],
): Study[] {
  let id = 0
  return sizes.map((study, at): Study => {
    const contents = study.items.map((size): Item => {
      id += 1
      return {
        id: id as ItemId,
        archiveId: study.archive,
        path: pathFromText(`s${at}/${'x'.repeat(id % 150)}é${id}`),
        kind: 'file',
        size: bytes(size),
        mtimeUs: 0,
        inode: 0,
        studyId: at + 1,
        sopUid: undefined,
        sha256: undefined,
        crc64nvme: undefined,
      }
    })
    const small = contents.filter((item) => item.size < limits.smallBelow)
    const total = (items: readonly Item[]) => bytes(items.reduce((sum, item) => sum + item.size, 0))
    return {
      id: at + 1,
      archiveId: study.archive,
      kind: 'dicom',
      modality: 'CT',
      studyDate: study.old ? '20150101' : undefined,
      items: contents.length,
      bytes: total(contents),
      smallItems: small.length,
      smallBytes: total(small),
      barredFromDevice: study.noDevice,
      barredFromShare: study.noShare,
      contents,
    }
  })
}

/** What the planner does between the journal's studies and its placements. `page`: in how large pieces the journal gives them out. */
function placeAll(studies: readonly Study[], answers: PlanAnswers, page = 1000): Placed[] {
  function* paged<One>(all: readonly One[]): Generator<One> {
    for (let from = 0; from < all.length; from += page) yield* all.slice(from, from + page)
  }
  const source = { studies: () => paged(studies), itemsOf: (study: number) => paged(studies[study - 1]?.contents ?? []) }
  const choose = laneChooser({ kind: 'by-study-date', deviceBefore: '20200101' }, answers)
  const counts = { reroute: () => undefined, splitOverDevices: () => undefined }
  return [...makeBatches<Item, ItemGroup>(groupsOf(source, answers, choose, counts), (item) => measureItem(item, answers), answers.batch)]
}

const anyStudies = fc
  .array(
    fc.record({
      items: fc.array(fc.oneof(fc.integer({ min: 0, max: 3999 }), fc.integer({ min: 4000, max: 30_000 })), { minLength: 1, maxLength: 14 }),
      old: fc.boolean(),
      noDevice: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      noShare: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      archive: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(studiesOf)
const anyUsable = fc.integer({ min: 20_000, max: 200_000 })

function each(check: (studies: Study[], placed: Placed[], answers: PlanAnswers) => void): void {
  fc.assert(
    fc.property(anyStudies, anyUsable, (studies, usable) => {
      const answers = answersFor(usable)
      check(studies, placeAll(studies, answers), answers)
    }),
    { seed, numRuns: 300 },
  )
}

function by<Key, One>(all: readonly One[], key: (one: One) => Key): Map<Key, One[]> {
  return Map.groupBy(all, key)
}

function tarBytes(members: readonly Placed[]): number {
  return members.reduce((sum, one) => sum + tarMemberBytes(one.item.path.length, one.item.size), tarEndBytes)
}

describe('A plan, whatever the archive', () => {
  it('places every item once', () => {
    each((studies, placed) => {
      const ids = placed.map((one) => one.item.id).toSorted((a, b) => a - b)
      expect(ids).toEqual(studies.flatMap((study) => study.contents.map((item) => item.id)))
    })
  })

  it('never fills a device beyond its level, tar headers and end blocks counted', () => {
    each((_studies, placed, answers) => {
      for (const [device, on] of by(placed, (one) => one.group.device)) {
        if (device === undefined) continue
        const lone = on.filter((one) => one.batch === undefined).reduce((sum, one) => sum + one.item.size, 0)
        const tars = [
          ...by(
            on.filter((one) => one.batch !== undefined),
            (one) => one.batch,
          ).values(),
        ].reduce((sum, members) => sum + tarBytes(members), 0)
        expect(lone + tars).toBeLessThanOrEqual(deviceCapacity(answers))
      }
    })
  })

  it('never makes a batch with too many members, too many bytes, large items, or items of two devices or archives', () => {
    each((_studies, placed) => {
      for (const [batch, members] of by(placed, (one) => one.batch)) {
        if (batch === undefined) continue
        expect(members.length).toBeLessThanOrEqual(limits.members)
        expect(tarBytes(members)).toBeLessThanOrEqual(limits.tarBytes)
        expect(members.every((one) => one.item.size < limits.smallBelow)).toBe(true)
        expect(new Set(members.map((one) => `${one.group.device} ${one.item.archiveId}`)).size).toBe(1)
      }
    })
  })

  it('splits a study over devices only when it exceeds one, and over batches only when it exceeds one', () => {
    each((_studies, placed, answers) => {
      for (const members of by(placed, (one) => one.group.study).values()) {
        expect(new Set(members.map((one) => one.group.route)).size).toBe(1)
        if (new Set(members.map((one) => one.group.device)).size > 1) {
          const small = members.filter((one) => one.batch !== undefined)
          const lone = members.filter((one) => one.batch === undefined).reduce((sum, one) => sum + one.item.size, 0)
          // The ends of the tars it would need are part of what did not fit: at most one for each two small items, and three.
          expect(lone + tarBytes(small) + tarEndBytes * (small.length * 2 + 3)).toBeGreaterThan(deviceCapacity(answers))
        }
        for (const piece of by(
          members.filter((one) => one.batch !== undefined),
          (one) => one.group.piece,
        ).values()) {
          if (new Set(piece.map((one) => one.batch)).size > 1)
            expect(piece.length > limits.members || tarBytes(piece) > limits.tarBytes).toBe(true)
        }
      }
    })
  })

  it('keeps barred studies off the lane they are barred from', () => {
    each((studies, placed) => {
      for (const { group } of placed) {
        const study = studies[group.study - 1]
        if (group.route === 'device') expect(study?.barredFromDevice).toBe(false)
        if (group.route === 'share') expect(study?.barredFromShare).toBe(false)
        if (study?.barredFromDevice === true && study.barredFromShare) expect(group.route).toBe('link')
      }
    })
  })

  it('is the same however the journal pages its studies and items', () => {
    fc.assert(
      fc.property(anyStudies, anyUsable, fc.integer({ min: 1, max: 7 }), (studies, usable, page) => {
        const told = (placed: Placed[]) => placed.map((one) => [one.item.id, one.group.route, one.group.device, one.batch])
        expect(told(placeAll(studies, answersFor(usable), page))).toEqual(told(placeAll(studies, answersFor(usable))))
      }),
      { seed, numRuns: 100 },
    )
  })
})

describe('Packing', () => {
  it('fills the gap that fits best among the open devices', () => {
    const place = devicePacker({ capacity: 100, open: 8 })
    expect([60, 50, 40, 50, 1].map(place)).toEqual([1, 2, 1, 2, 3])
  })

  it('holds only a bounded number of devices open', () => {
    const place = devicePacker({ capacity: 100, open: 2 })
    expect([70, 80, 90, 30, 10].map(place)).toEqual([1, 2, 3, 1, 3])
  })

  it('counts no less than a tar really takes', async () => {
    const names = [
      'a.dcm',
      'x'.repeat(99),
      'x'.repeat(100),
      'x'.repeat(101),
      `${'d'.repeat(120)}/${'x'.repeat(90)}`,
      'Müller/ä.dcm',
      'x'.repeat(1000),
      'é'.repeat(500),
    ]
    for (const name of names) {
      for (const size of [0, 1, 511, 512, 513]) {
        const tar = tarPack()
        tar.entry({ name, mtime: new Date(0) }, Buffer.alloc(size))
        tar.finalize()
        let length = 0
        for await (const chunk of tar) if (Buffer.isBuffer(chunk)) length += chunk.length
        const counted = tarMemberBytes(Buffer.byteLength(name), size) + tarEndBytes
        expect(counted).toBeGreaterThanOrEqual(length)
        expect(counted - length).toBeLessThanOrEqual(512 + Math.ceil((Buffer.byteLength(name) + 11) / 512) * 512)
      }
    }
  })
})
