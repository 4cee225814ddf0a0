/** What has to be true before a device leaves: one rule for the command line, the screen and the rehearsal. */

/** The ship checklist, in order. `byHand`: a person looks and ticks; the others follow from the journal. */
export const shipChecklist = [
  { code: 'all-sent', byHand: false },
  { code: 'no-load-running', byHand: false },
  { code: 'inspected', byHand: false },
  { code: 'file-interface-stopped', byHand: true },
  { code: 'powered-off', byHand: true },
  { code: 'return-label-shown', byHand: true },
  { code: 'doors-latched', byHand: true },
  { code: 'source-kept', byHand: true },
] as const
export type ShipCheck = (typeof shipChecklist)[number]['code']

/** The lines that only a person can tell. */
export const handChecks: readonly ShipCheck[] = shipChecklist.filter(({ byHand }) => byHand).map(({ code }) => code)

export type ShipCondition = { readonly code: ShipCheck; readonly byHand: boolean; readonly done: boolean }

export type ShipFacts = {
  /** Every item that the plan puts on this device, and how many of them are on it. Items left behind count in neither. */
  readonly planned: number
  readonly sent: number
  readonly loading: boolean
  /** Items that the inspection which still holds found to differ; `undefined`: none holds. */
  readonly differing: number | undefined
  readonly ticked: ReadonlySet<string>
}

/** An empty device may go back too, once it was inspected: it has to. */
export function shipConditions({ planned, sent, loading, differing, ticked }: ShipFacts): readonly ShipCondition[] {
  const known: Partial<Record<ShipCheck, boolean>> = {
    'all-sent': sent === planned,
    'no-load-running': !loading,
    // One that found a difference tells that something else lies on the device than was sent, wherever the item went afterwards.
    inspected: differing === 0,
  }
  return shipChecklist.map(({ code, byHand }) => ({ code, byHand, done: known[code] ?? ticked.has(code) }))
}
