/** Diagnostics: a check-up as steps, and a support bundle that is read before it can be saved. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, complaints, englishLeftOvers, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the Diagnostics', () => {
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
  const steps = [
    { step: 'runtime', state: 'good', message: 'Node.js 24.15.0, linux x64', todo: null, durationMs: 0 },
    { step: 'event log', state: 'good', message: '8123 entries, the chain of hashes holds', todo: null, durationMs: 41 },
    {
      step: 'disk of journal',
      state: 'bad',
      message: 'only 2.1 GB free',
      todo: 'Free at least 5.00 GB where the migration lies.',
      durationMs: 1,
    },
    {
      step: 'bucket',
      state: 'bad',
      message: 'The service did not answer.',
      todo: 'Check network and proxy, then run the same command again.',
      durationMs: 25_000,
    },
    {
      step: 'file share',
      state: 'unknown',
      message: 'no share is set',
      todo: 'Set share.folder in migration.json if the share lane is to be used.',
      durationMs: 0,
    },
  ] as const
  const files = [
    { name: 'about.json', bytes: 28, text: '{ "firn": "0.1.0" }' },
    { name: 'engine.ndjson', bytes: 120_000, text: '{"at":"2026-11-25T10:00:00Z","level":"info","code":"started"}\n' },
  ]
  const open = (standIn: Partial<StandIn> = {}, look: Look = {}): Promise<Page> =>
    openStandIn(
      browser,
      screens.url,
      {
        host: aHost({
          engine: { state: 'running', since: Date.now() - 60_000, restarts: 2, lastEnd: { at: Date.now() - 61_000, how: 'SIGKILL' } },
        }),
        snapshot: aSnapshot(),
        screen: 'diagnostics',
        ...standIn,
        answers: { 'diagnostics.checkup': { steps: [...steps] }, 'diagnostics.supportBundle': { files }, ...standIn.answers },
      },
      look,
    )

  it.each(looks)('has no serious accessibility finding and breaks no content security policy: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await page.getByRole('button', { name: 'Run check-up' }).click()
    await page.getByText('3 steps need a look.').waitFor()
    await page.getByRole('button', { name: 'Show what it holds' }).click()
    await page.getByRole('button', { name: /about\.json/ }).click()
    await shot(page, `diagnostics-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('shows each step with what was seen, how long it took and what to do', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Run check-up' }).press('Enter')
    await page.getByText('only 2.1 GB free').waitFor()
    await page.getByText('Free at least 5.00 GB where the migration lies.').waitFor()
    await page.getByText('could not be checked').waitFor()
    await page.getByText('SIGKILL').first().waitFor()
    await page.context().close()
  })

  it('offers to save a support bundle only after it was shown, file by file', async () => {
    const token = `path-${'c'.repeat(32)}`
    const page = await open({
      answers: { 'host.choose': { token, label: '/home/it' }, 'host.saveSupportBundle': { label: '/home/it/firn-support', url: null } },
    })
    const save = page.getByRole('button', { name: 'Choose a folder and save' })
    await page.getByRole('button', { name: 'Show what it holds' }).waitFor()
    expect(await save.count()).toBe(0)
    await page.getByRole('button', { name: 'Show what it holds' }).click()
    await page.getByRole('button', { name: /engine\.ndjson/ }).click()
    await page.getByText('"code":"started"').waitFor()
    await save.click()
    await page.getByText('Saved: /home/it/firn-support').waitFor()
    expect(await askedFor(page, 'host.saveSupportBundle')).toEqual([{ folder: token }])
    await page.context().close()
  })

  it('says why a check-up could not be made, and loads until it is', async () => {
    const page = await open({ answers: { 'diagnostics.checkup': { fault: 'engine-gone' } } })
    await page.getByRole('button', { name: 'Run check-up' }).click()
    await page.getByText('The engine ended unexpectedly.').waitFor()
    await page.context().close()
    const loading = await open({ answers: { 'diagnostics.checkup': 'loading' } })
    await loading.getByRole('button', { name: 'Run check-up' }).click()
    await loading.getByText('Looking at each step', { exact: false }).waitFor()
    await loading.context().close()
  })

  it('speaks German without English left over, the sentences of the check-up included', async () => {
    const page = await open({}, { language: 'de' })
    await page.getByRole('button', { name: 'Prüfgang starten' }).click()
    await page.getByText('Schaffen Sie dort, wo die Migration liegt, mindestens 5.00 GB Platz.').waitFor()
    await page.getByText('Der Dienst hat nicht geantwortet.').waitFor()
    await shot(page, 'diagnostics-german')
    expect(await englishLeftOvers(page, ['share.folder in migration.json'])).toEqual([])
    await page.context().close()
  })

  it('knows the German of every sentence that a check-up can say', async () => {
    const sources = ['doctor.ts', 'accessSteps.ts'].map((name) =>
      readFileSync(resolve(import.meta.dirname, '../../main/engine', name), 'utf8'),
    )
    const said = sources.flatMap((source) =>
      [...source.matchAll(/(?:message: |todo: |good\()'([^']+)'/g)].map(([, sentence = '']) => sentence),
    )
    expect(said.length).toBeGreaterThan(15)
    const page = await open(
      {
        answers: {
          'diagnostics.checkup': { steps: said.map((message) => ({ step: 'bucket', state: 'bad', message, todo: null, durationMs: 1 })) },
        },
      },
      { language: 'de' },
    )
    await page.getByRole('button', { name: 'Prüfgang starten' }).click()
    await page.locator('.firn-checks').waitFor()
    expect(await page.locator('.firn-checks [lang="en"]').allInnerTexts()).toEqual([])
    await page.context().close()
  })
})
