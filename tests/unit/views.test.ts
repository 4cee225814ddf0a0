/** Views: what screens are told of a journal is what the evidence would say of it, whatever its history. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import { calls } from '../../shared/contract/bridge.ts'
import { outcomeOf } from '../../shared/domain/evidence.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'
import { plant, plantedItem, viewsKit, type PlantedItem, type ViewsKit } from './viewsKit.ts'

async function withHistory(items: readonly PlantedItem[], work: (kit: ViewsKit) => Promise<void>): Promise<void> {
  const kit = viewsKit()
  try {
    plant(kit, items)
    await work(kit)
  } finally {
    kit.remove()
  }
}

const histories = fc.array(plantedItem, { minLength: 1, maxLength: 40 })
const runs = { numRuns: 15 }

function amount(items: readonly { readonly size: number }[]): { items: number; bytes: number } {
  return { items: items.length, bytes: items.reduce((sum, { size }) => sum + size, 0) }
}

function judged(items: readonly ItemEvidence[]): readonly (ItemEvidence & { outcome: string; reason: string | undefined })[] {
  return items.map((item) => ({ ...item, ...outcomeOf(item) }))
}

test('every view answers any history in the form that its call promises', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const inputs: Readonly<Record<string, object>> = {
          'explorer.series': { studyId: 1 },
          'explorer.item': { itemId: 1 },
          'explorer.bookmarks': { of: 'items', every: 50 },
          'plan.count': { rule: {} },
          'plan.estimate': { rule: {}, answers: {} },
          'plan.curve': { rule: {}, answers: {} },
          'failures.items': { code: 'item-too-large' },
          'transfers.waiting': { route: 'device' },
          'verification.item': { itemId: 1 },
        }
        for (const [name, answer] of Object.entries(answers)) {
          if (!(name in calls)) continue
          const call = calls[name as keyof typeof calls]
          const input = call.input.parse(inputs[name] ?? {})
          const given = await (answer as (look: unknown, input: unknown) => unknown)(kit.look(), input)
          expect(call.answer.safeParse(given).error?.issues, name).toBeUndefined()
        }
      })
    }),
    { numRuns: 10 },
  )
})

test('the totals put each item in exactly one state, and it is the one that the evidence gives it', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const { totals, verdicts, extras, unverified, lanes, devices, failures } = await answers.figures(kit.look())
        const all = judged(kit.all())
        const of = (...outcomes: string[]) => all.filter(({ outcome }) => outcomes.includes(outcome))
        const rest = of('mismatch', 'missing', 'unknown', 'not-checked')
        expect(totals).toEqual({
          inventory: amount(all),
          studies: new Set(all.map(({ studyId }) => studyId)).size,
          verified: amount(of('verified')),
          landed: amount(of('consistent', 'present')),
          leftBehind: amount(of('left-behind')),
          sent: amount(rest.filter(({ transferState }) => transferState === 'sent')),
          waiting: amount(rest.filter(({ transferState }) => transferState === 'planned' || transferState === 'sending')),
          notPlanned: amount(rest.filter(({ transferState }) => transferState === undefined)),
        })
        const { inventory, studies: _studies, ...states } = totals
        expect(Object.values(states).reduce((sum, state) => sum + state.items, 0)).toBe(inventory.items)
        expect(verdicts).toEqual(kit.journal.lastVerification()?.counts)
        expect(extras).toBe(1)
        expect(unverified).toEqual(kit.journal.unverified())
        for (const route of ['device', 'share', 'link'] as const) {
          const lane = all.filter((item) => item.route === route)
          expect(lanes[route]).toMatchObject({
            planned: amount(lane.filter(({ transferState }) => transferState !== 'left-behind')),
            sent: amount(lane.filter(({ transferState }) => transferState === 'sent')),
            leftBehind: amount(lane.filter(({ transferState }) => transferState === 'left-behind')),
          })
        }
        expect(devices.map(({ id, planned, sent }) => ({ id, planned, sent }))).toEqual(
          kit.journal.devices().map(({ id, planned, sent }) => ({ id, planned: { ...planned }, sent: { ...sent } })),
        )
        expect(failures).toBe(all.filter(({ transferState }) => transferState === 'left-behind').length)
      })
    }),
    runs,
  )
})

test('what is not verified is told by reason, and each reason leads to its items', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const { notVerified } = await answers['verification.summary'](kit.look(), {})
        const all = judged(kit.all()).filter(({ outcome }) => outcome !== 'verified')
        expect(notVerified.reduce((sum, one) => sum + one.items, 0)).toBe(all.length)
        for (const { reason, items: count, bytes } of notVerified) {
          const page = await answers['verification.items'](kit.look(), { reason, verdict: null, studyId: null, after: null, limit: 500 })
          const expected = all.filter((item) => (item.reason ?? item.outcome) === reason)
          expect(page.rows.map(({ itemId }) => itemId)).toEqual(expected.map(({ id }) => id).toSorted((a, b) => a - b))
          expect({ items: count, bytes }).toEqual(amount(expected))
        }
      })
    }),
    runs,
  )
})

test('the failures are those left behind, by cause, with every item of each', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const { failures } = await answers['failures.list'](kit.look(), {})
        const left = judged(kit.all()).filter(({ outcome }) => outcome === 'left-behind')
        expect(failures.reduce((sum, one) => sum + one.items, 0)).toBe(left.length)
        for (const { code, items: count } of failures) {
          const page = await answers['failures.items'](kit.look(), { code, after: null, limit: 500 })
          expect(page.rows.map(({ itemId }) => itemId)).toEqual(
            left
              .filter(({ reason }) => reason === code)
              .map(({ id }) => id)
              .toSorted((a, b) => a - b),
          )
          expect(page.rows).toHaveLength(count)
        }
      })
    }),
    runs,
  )
})
