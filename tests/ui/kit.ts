/** What tests of screens share: a host and a hospital-sized migration to show, the looks to see them in, and a judge for accessibility. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { HostState } from '../../shared/contract/hostState.ts'
import { defaultSettings } from '../../shared/contract/settings.ts'
import type { LaneState, MigrationSnapshot, Snapshot, WorkState } from '../../shared/contract/snapshot.ts'
import type { Look } from './standIn.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Whole bytes of so many terabytes. */
const tb = (count: number): number => Math.round(count * 1e12)

/** A desktop whose engine runs and whose wallboard is off. */
export function aHost(changes: Partial<HostState> = {}): HostState {
  return {
    host: 'desktop',
    version: '0.1.0',
    folderDialog: 'native',
    secretStore: true,
    engine: { state: 'running', since: Date.now() - 5 * hour, restarts: 0, lastEnd: null },
    wallboard: { state: 'off', url: null, https: false, viewers: 0, fault: null, pairings: [] },
    settings: defaultSettings,
    settingsRefused: [],
    update: { state: 'off', version: null },
    ...changes,
  }
}

export function aWork(changes: Partial<WorkState> = {}): WorkState {
  return {
    id: 'work-1',
    kind: 'push',
    deviceId: null,
    state: 'running',
    because: null,
    startedAt: Date.now() - 6 * hour,
    endedAt: null,
    stage: 'push',
    items: 8_140_000,
    itemsTotal: 91_000_000,
    bytes: tb(4.1),
    bytesTotal: tb(46),
    bytesPerSecond: 180e6,
    itemsPerSecond: 352,
    left: { low: 60 * hour, high: 74 * hour },
    also: {},
    waitingFor: null,
    stalledSince: null,
    troubles: 0,
    lastTroubles: [],
    fault: null,
    needsLook: false,
    ...changes,
  }
}

/** A rate that goes up and down as a hospital's days do; the same each time. */
export function aStrip(perSecond: number, length = 240): LaneState['strip'] {
  const rates = Array.from({ length }, (_, at) =>
    at % 97 > 93 ? null : Math.round(perSecond * (0.85 + 0.18 * Math.sin(at / 11) + 0.06 * Math.sin(at * 1.7))),
  )
  return { everyMs: 90_000, rates }
}

export function aLane(route: LaneState['route'], changes: Partial<LaneState> = {}): LaneState {
  const none = { items: 0, bytes: 0 }
  return {
    route,
    planned: none,
    sent: none,
    leftBehind: none,
    landed: null,
    verified: none,
    bytesPerSecond: null,
    limit: null,
    limitUntil: null,
    strip: { everyMs: 90_000, rates: [] },
    ...changes,
  }
}

/** 126 TB in 248 million items, 41 % of it verified; two devices on the way and a share that is being pushed to. */
export function aMigration(changes: Partial<MigrationSnapshot> = {}): MigrationSnapshot {
  const now = Date.now()
  return {
    id: 'migration-1',
    name: 'Radiology archive 2009-2019',
    kind: 'real',
    awsAt: 'eu-central-1',
    journal: { state: 'ok', at: now - 1000 },
    awsReachedAt: now - 3000,
    awsFault: null,
    pausedAll: false,
    totals: {
      inventory: { items: 248_000_000, bytes: tb(126) },
      studies: 1_240_000,
      verified: { items: 101_700_000, bytes: tb(51.7) },
      landed: { items: 6_200_000, bytes: tb(3.1) },
      sent: { items: 38_400_000, bytes: tb(19.6) },
      waiting: { items: 101_687_600, bytes: tb(51.47) },
      leftBehind: { items: 12_400, bytes: tb(0.13) },
      notPlanned: { items: 0, bytes: 0 },
      countedAt: now - 4000,
    },
    verdicts: { verified: 101_700_000, consistent: 0, present: 0, mismatch: 1, missing: 2, extra: 14, unknown: 0 },
    extras: 14,
    byModality: [
      { modality: 'CT', items: 131_000_000, verified: 62_000_000 },
      { modality: 'MR', items: 96_000_000, verified: 31_000_000 },
      { modality: 'CR', items: 9_000_000, verified: 4_700_000 },
      { modality: 'MG', items: 4_000_000, verified: 1_900_000 },
      { modality: 'US', items: 8_000_000, verified: 2_100_000 },
    ],
    lanes: [
      aLane('device', {
        planned: { items: 157_000_000, bytes: tb(80) },
        sent: { items: 138_160_000, bytes: tb(70.3) },
        leftBehind: { items: 12_400, bytes: tb(0.13) },
        landed: { items: 99_700_000, bytes: tb(50.7) },
        verified: { items: 99_500_000, bytes: tb(50.6) },
        bytesPerSecond: 412e6,
        strip: aStrip(412e6),
      }),
      aLane('share', {
        planned: { items: 91_000_000, bytes: tb(46) },
        sent: { items: 8_140_000, bytes: tb(4.1) },
        landed: { items: 8_200_000, bytes: tb(4.1) },
        verified: { items: 2_200_000, bytes: tb(1.1) },
        bytesPerSecond: 180e6,
        limit: 200e6,
        limitUntil: new Date(now).setHours(22, 0, 0, 0) + (new Date(now).getHours() >= 22 ? day : 0),
        strip: aStrip(180e6),
      }),
    ],
    devices: { planned: 1, onTheWay: 1, onSite: 1, loading: 1, travellingBack: 2, importing: 0, imported: 3, other: 0 },
    eta: { left: { low: 9 * day, high: 11 * day }, basis: 'measured', hours: 6 },
    next: [
      { code: 'load', deviceId: 3, needsPerson: false, at: { low: now + 5 * hour, high: now + 7 * hour }, facts: {} },
      { code: 'wait-for-device', deviceId: 4, needsPerson: false, at: { low: now + 2 * day, high: now + 3 * day }, facts: {} },
      { code: 'ship', deviceId: 3, needsPerson: true, at: null, facts: {} },
      { code: 'push', deviceId: null, needsPerson: false, at: { low: now + 60 * hour, high: now + 74 * hour }, facts: {} },
      { code: 'verify', deviceId: null, needsPerson: false, at: null, facts: {} },
    ],
    needs: { archives: 0, plan: 0, devices: 2, share: 0, transfers: 1, verification: 3, evidence: 0 },
    works: [
      aWork(),
      aWork({
        id: 'work-2',
        kind: 'load',
        deviceId: 3,
        stage: 'load',
        items: 21_400_000,
        itemsTotal: 26_000_000,
        bytes: tb(10.9),
        bytesTotal: tb(13.2),
        bytesPerSecond: 412e6,
        left: { low: 5 * hour, high: 7 * hour },
      }),
    ],
    finishedAt: null,
    ...changes,
  }
}

/** `null`: no migration is open. */
export function aSnapshot(changes: Partial<MigrationSnapshot> | null = {}): Snapshot {
  return {
    at: Date.now(),
    engine: { startedAt: Date.now() - 5 * hour, pid: 4711, memoryBytes: 310e6 },
    migration: changes === null ? null : aMigration(changes),
  }
}

const pictures = process.env['FIRN_SHOTS'] ?? ''
const sizes = [
  [1280, 800],
  [1920, 1080],
] as const

/** Every look that each screen is judged in. Names, roles and contrast do not change with the size: the large one is for pictures alone. */
export const looks: readonly (Look & { readonly name: string })[] = (['light', 'dark'] as const).flatMap((mode) =>
  (pictures === '' ? sizes.slice(0, 1) : sizes).map(([width, height]) => ({ name: `${mode}-${width}x${height}`, mode, width, height })),
)

/** Serious and critical findings of axe, as sentences; none is what a test wants. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`)
}

/** Texts of the page that are English words although the page is German; what is marked `lang="en"` is meant so, and so is code. */
export async function englishLeftOvers(page: Page, allowed: readonly string[] = []): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement
      if (element === null || element.closest('script, style, code, pre, kbd, [lang="en"]') !== null) continue
      found.push(node.textContent ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (element.closest('[lang="en"]') === null)
        found.push(...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''))
    return found.map((text) => text.trim()).filter((text) => text !== '')
  })
  const english =
    /\b(the|and|of|with|is|are|not|this|that|from|for|nothing|what|open|close|show|all|left|time|size|state|settings|needs?|person|device|share|verified|loading|running|search|choose|select)\b/i
  return texts.filter((text) => english.test(text) && !allowed.some((one) => text.includes(one)))
}

/** Keeps a picture as $FIRN_SHOTS/NAME.png; nowhere when that is not set. */
export async function shot(page: Page, name: string): Promise<void> {
  if (pictures === '') return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

/** What the browser's console complained about from now on: refused by the content security policy, or thrown. */
export function complaints(page: Page): readonly string[] {
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy')) heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(error.message))
  return heard
}
