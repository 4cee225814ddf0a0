/** The Verification screen: what is proven, and what is not and why. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../shared/contract/bridge.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aHost, aSnapshot, aWork, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

const day = 86_400_000
const counts = { verified: 101_700_000, consistent: 1240, present: 86, mismatch: 1, missing: 2, extra: 14, unknown: 311 }
const none = { verified: 0, consistent: 0, present: 0, mismatch: 0, missing: 0, extra: 0, unknown: 0 }

function aSummary(changes: Partial<Answer<'verification.summary'>> = {}): Answer<'verification.summary'> {
  return {
    run: { id: 4, startedAt: Date.now() - day, finishedAt: Date.now() - day + 7_200_000 },
    counts,
    extras: 14,
    unverified: { items: 146_300_000, bytes: 74.3e12 },
    notVerified: [
      { reason: 'waiting', items: 101_687_600, bytes: 51.5e12 },
      { reason: 'not-checked', items: 44_600_000, bytes: 22.7e12 },
      { reason: 'denied', items: 311, bytes: 160e6 },
      { reason: 'digest', items: 1, bytes: 524_288 },
      { reason: 'x-77', items: 1, bytes: 524_288 },
    ],
    inventory: { items: 248_000_000, bytes: 126e12 },
    repairable: { items: 0, bytes: 0 },
    ...changes,
  }
}

const expected = 'q1MKE+RZFJgrefm34+uplM/R8/si9xzqGvvwK0YMbR0='
const actual = 'q1MKE+RZFJgrefm34+uplM/R8/si9xzqGvvwK0YMbR1='

const mismatch: Answer<'verification.item'> = {
  itemId: 4711,
  studyId: 88,
  size: 524_288,
  path: 'CT/2012/0001/IM000123',
  sha256: expected,
  crc64nvme: 'AAAAAAAAAAA=',
  verdict: {
    verdict: 'mismatch',
    method: 'head-full-object',
    reason: 'digest',
    bucket: 'radiology-archive',
    key: 'ct/CT/2012/0001/IM000123',
    versionId: '3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY',
    size: 524_288,
    algorithm: 'SHA256',
    checksumType: 'FULL_OBJECT',
    expected,
    actual,
    storageClass: 'STANDARD',
    at: Date.now() - day,
    runId: 4,
  },
  earlier: [{ runId: 3, verdict: 'verified', reason: null, at: Date.now() - 9 * day }],
}

const answers: Canned = {
  'verification.summary': aSummary(),
  'verification.studies': {
    rows: [
      {
        studyId: 88,
        modality: 'CT',
        studyDate: '20120314',
        items: 420,
        bytes: 220e6,
        counts: { ...none, verified: 417, mismatch: 1, missing: 2 },
        notChecked: 0,
        worst: 'mismatch',
      },
      {
        studyId: 91,
        modality: 'MR',
        studyDate: null,
        items: 800,
        bytes: 310e6,
        counts: { ...none, verified: 500 },
        notChecked: 300,
        worst: 'unknown',
      },
    ],
    next: null,
  },
  'verification.items': {
    rows: [
      { itemId: 4711, studyId: 88, size: 524_288, verdict: 'mismatch', method: 'head-full-object', reason: 'digest', at: Date.now() - day },
      { itemId: 4712, studyId: 88, size: 524_288, verdict: null, method: null, reason: 'waiting', at: null },
    ],
    next: null,
  },
  'verification.extras': { rows: [{ key: 'ct/notes.txt', size: 120 }], next: null },
  'verification.item': mismatch,
}

describe.skipIf(noChromium)('the Verification screen', () => {
  let browser: Browser
  let screens: Awaited<ReturnType<typeof serveScreens>>
  beforeAll(async () => {
    browser = await launchChromium()
    screens = await serveScreens()
  })
  afterAll(async () => {
    await browser.close()
    await screens.close()
  })

  const verification = (changed: Canned = {}, look: Look = {}, migration: Parameters<typeof aSnapshot>[0] = { works: [] }): Promise<Page> =>
    impatient(
      openStandIn(
        browser,
        screens.url,
        { host: aHost(), snapshot: aSnapshot(migration), answers: { ...answers, ...changed }, screen: 'verification' },
        look,
      ),
    )

  it.each(looks)('has no serious accessibility finding, the item’s detail included: $name', async (look) => {
    const page = await verification({}, look)
    const heard = complaints(page)
    await page.getByText('Study 88').waitFor()
    await shot(page, `verification-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('tab', { name: 'Items' }).click()
    await page.getByRole('button', { name: 'Item 4711' }).click()
    await page.getByRole('heading', { name: 'Both digests' }).waitFor()
    await shot(page, `verification-item-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('shows each verdict by its own word, and leads from it to its items', async () => {
    const page = await verification()
    await page.getByRole('button', { name: /^unknown 311/ }).click()
    expect(await lastAsked(page, 'verification.items')).toMatchObject({ verdict: 'unknown', reason: null, studyId: null })
    await page.context().close()
  })

  it('offers to send again what is missing or different, in the name of a person, and sends it at once', async () => {
    const repairable = { items: 311, bytes: 160e6 }
    const page = await verification({
      'verification.summary': aSummary({ repairable }),
      'verification.repair': repairable,
      'works.start': { workId: 'link-1' },
    })
    await page.getByText(/^311\sitems, 160\sMB: sent, and missing or different in S3$/).waitFor()
    await shot(page, 'verification-repair')
    await page.getByRole('button', { name: 'Send again over the link' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('Ada Byron')
    await dialog.getByRole('button', { name: 'Send again', exact: true }).click()
    expect(await lastAsked(page, 'verification.repair')).toEqual({ person: 'Ada Byron' })
    expect(await lastAsked(page, 'works.start')).toEqual({ kind: 'link' })
    await dialog.waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('never shows green where nothing was checked', async () => {
    const page = await verification({
      'verification.summary': aSummary({ run: null, counts: none, extras: 0, notVerified: [{ reason: 'waiting', items: 10, bytes: 10 }] }),
      'verification.studies': { rows: [], next: null },
    })
    await page.getByText('Nothing has been checked yet').waitFor()
    expect(await page.getByText('Everything that may travel is verified.').count()).toBe(0)
    expect(await page.getByText('No study is open: each one is wholly verified.').count()).toBe(0)
    await shot(page, 'verification-never-run')
    await page.context().close()
  })

  it('puts the causes of what is not verified first, with what to do about each', async () => {
    const page = await verification()
    const table = page.getByRole('table').first()
    await table.getByText('Give the account s3:GetObject on the bucket, then verify again.').waitFor()
    await table.getByText('Cause: x-77.').waitFor()
    await table.getByRole('button', { name: 'Show the items: The account may not look at the object.' }).click()
    expect(await lastAsked(page, 'verification.items')).toMatchObject({ reason: 'denied', verdict: null })
    await page.getByRole('button', { name: 'Take off: Cause: The account may not look at the object.' }).click()
    expect(await lastAsked(page, 'verification.items', 2)).toMatchObject({ reason: null })
    await page.context().close()
  })

  it('leads from a study to its items', async () => {
    const page = await verification()
    await page.getByRole('button', { name: 'Study 88' }).click()
    expect(await lastAsked(page, 'verification.items')).toMatchObject({ studyId: 88 })
    await page.context().close()
  })

  it('shows both digests of a mismatch under each other and marks what differs, not by colour alone', async () => {
    const page = await verification()
    await page.getByRole('tab', { name: 'Items' }).click()
    await page.getByRole('button', { name: 'Item 4711' }).click()
    await page.getByRole('img', { name: expected }).waitFor()
    await page.getByRole('img', { name: actual }).waitFor()
    await page.getByText('1 of 44 characters differ; they are underlined.').waitFor()
    const marked = page.locator('.digest-differs')
    expect(await marked.allTextContents()).toEqual(['0', '1'])
    const look = await marked
      .first()
      .evaluate((one) => ({ line: getComputedStyle(one).borderBottomStyle, weight: getComputedStyle(one).fontWeight }))
    expect(look).toEqual({ line: 'solid', weight: '700' })
    const boxes = await page.locator('.digest-pair code').evaluateAll((codes) => codes.map((code) => code.getBoundingClientRect().left))
    expect(boxes[0]).toBe(boxes[1])
    await page.getByText('Run 3,').waitFor()
    await page.context().close()
  })

  it('runs again, with reading back when a person wants it', async () => {
    const page = await verification({ 'works.start': { workId: 'verify-1' } })
    await page.getByRole('button', { name: 'Verify again' }).click()
    await page.getByRole('dialog').getByText('Read back objects that have no comparable checksum').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
    expect(await lastAsked(page, 'works.start')).toEqual({ kind: 'verify', readBack: true })
    await page.context().close()
  })

  it('shows a run on its way, and does not offer a second one', async () => {
    const page = await verification(
      {},
      {},
      { works: [aWork({ id: 'verify-1', kind: 'verify', stage: 'verify', itemsTotal: null, bytesTotal: null, left: null })] },
    )
    await page.getByText('comparing digests').waitFor()
    await page.getByText(/counting$/).waitFor()
    expect(await page.getByRole('button', { name: 'Verify again' }).isDisabled()).toBe(true)
    await page.context().close()
  })

  it('lists extras', async () => {
    const page = await verification()
    await page.getByRole('tab', { name: /^Extras/ }).click()
    await page.getByText('ct/notes.txt').waitFor()
    await page.context().close()
  })

  it('is wholly German where German is wanted', async () => {
    const page = await verification({}, { language: 'de' })
    await page.getByText('Studie 88').waitFor()
    expect(await englishLeftovers(page)).toEqual([])
    await page.getByRole('tab', { name: 'Dateien' }).click()
    await page.getByRole('button', { name: 'Datei 4711' }).click()
    await page.getByRole('heading', { name: 'Beide Prüfsummen' }).waitFor()
    await shot(page, 'verification-german')
    expect(await englishLeftovers(page)).toEqual([])
    await page.context().close()
  })
})
