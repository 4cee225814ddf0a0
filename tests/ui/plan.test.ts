/** The plan: rule, routes, hours, review, approval; in a real Chromium, by pointer and by keyboard alone. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, aWork, complaints, looks, seriousViolations, shot } from './kit.ts'
import { estimateOf, planning, standing } from './planFixture.ts'
import { answerFrom, askedFor, calledBack, openStandIn, serveScreens, tell, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the plan', () => {
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
  const open = (changes: Partial<StandIn> = {}, look: Look = {}): Promise<Page> =>
    openStandIn(
      browser,
      screens.url,
      { host: aHost(), snapshot: aSnapshot({ works: [] }), answers: planning, screen: 'plan', ...changes },
      look,
    )
  const begin = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Begin to plan' }).click()
    await page
      .getByText(/612,000 studies/)
      .first()
      .waitFor()
  }
  const next = async (page: Page, title: string): Promise<void> => {
    await page.getByRole('button', { name: 'Next' }).click()
    await page
      .getByRole('heading', { level: 2, name: title })
      .or(page.getByRole('heading', { level: 1, name: title }))
      .first()
      .waitFor()
  }

  it.each(looks)('has no serious accessibility finding in any step: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await begin(page)
    const findings: string[] = []
    for (const title of ['What goes', 'Which route', 'Devices and waves', 'When', 'Review']) {
      if (title !== 'What goes') await next(page, title)
      await page.getByRole('button', { name: /^(Next|Make the plan)$/ }).waitFor()
      await shot(page, `plan-${title.toLowerCase().replaceAll(' ', '-')}-${look.name}`)
      findings.push(...(await seriousViolations(page)).map((finding) => `${title}: ${finding}`))
    }
    expect(findings).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('counts what a rule takes as it is typed, and calls superseded questions back', async () => {
    const page = await open({ answers: { ...planning, 'plan.count': 'loading' } })
    await page.getByRole('button', { name: 'Begin to plan' }).click()
    const years = page.getByRole('textbox', { name: 'Cold for' })
    await years.fill('7')
    await expect.poll(async () => (await askedFor(page, 'plan.count')).at(-1)).toMatchObject({ rule: { coldYears: 7 } })
    await years.fill('10')
    await expect.poll(async () => (await askedFor(page, 'plan.count')).at(-1)).toMatchObject({ rule: { coldYears: 10 } })
    expect(await calledBack(page, 'plan.count')).toBeGreaterThan(0)
    await page.context().close()
  })

  it('makes a rule of modality, dates, size and folder', async () => {
    const page = await open()
    await begin(page)
    await page.getByRole('button', { name: /Modalities/ }).click()
    await page.getByRole('option', { name: 'CT' }).click()
    await page.getByRole('option', { name: 'without a modality' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Study date to' }).pressSequentially('20151231')
    await page.getByRole('textbox', { name: 'Size from' }).fill('1,5')
    await page.getByRole('textbox', { name: 'Folder' }).fill('/images/old/')
    await expect
      .poll(async () => (await askedFor(page, 'plan.count')).at(-1))
      .toMatchObject({
        rule: { modalities: ['CT', null], studyDateTo: '20151231', smallest: 1_500_000, folder: 'images/old', coldYears: null },
      })
    await page.context().close()
  })

  it('says at the field what cannot be used, and does not go on until it can', async () => {
    const page = await open()
    await begin(page)
    await page.getByRole('textbox', { name: 'Cold for' }).fill('seven')
    await page.getByText('Years from 0 to 100').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('An entry of the rule cannot be used.').first().waitFor()
    await page.getByRole('textbox', { name: 'Cold for' }).fill('')
    await next(page, 'Which route')
    await page.getByRole('textbox', { name: /^Part of a device that is filled/ }).fill('99')
    await page.getByText('A part above 0 and up to 95 %').waitFor()
    await page.getByText('These figures are from before the entry that cannot be used.').waitFor()
    await page.context().close()
  })

  it('puts the routes side by side, says why one is recommended, and shows the Snowball notice with date and source', async () => {
    const page = await open()
    await begin(page)
    await next(page, 'Which route')
    const table = page.getByRole('table', { name: 'Routes side by side' })
    await table.waitFor()
    for (const row of [
      'Until all is verified',
      'What limits it',
      'Devices',
      'Days on site, per device',
      'Cost, indicative',
      'Risks',
      'Dated notices',
    ])
      expect(await table.getByRole('rowheader', { name: row }).count()).toBe(1)
    expect((await table.innerText()).replaceAll('\u00a0', ' ')).toContain('The link lane takes 11 to 34 days, ruled by the bytes.')
    const notice = await page.getByText(/AWS ends support for Snowball in its commercial Regions/).innerText()
    expect(notice).toContain('Source: AWS Storage Blog, AWS Snow device updates, read on 23 Nov 2026')
    await page.context().close()
  })

  it('asks for the columns anew as soon as an assumption is changed in place', async () => {
    const page = await open()
    await begin(page)
    await next(page, 'Which route')
    await answerFrom(page, 'plan.estimate', estimateOf({ link: { megabitsPerSecond: 100 } }))
    await page.getByRole('textbox', { name: 'Speed of the link (Mbit/s)' }).fill('100')
    await expect
      .poll(async () => (await askedFor(page, 'plan.estimate')).at(-1))
      .toMatchObject({ answers: { link: { megabitsPerSecond: 100 } } })
    await page
      .getByText(/The device lane/)
      .first()
      .waitFor()
    await page.context().close()
  })

  it('shows a field that the engine refuses at that field, and lets the columns stand', async () => {
    const page = await open()
    await begin(page)
    await next(page, 'Which route')
    await page.getByRole('table', { name: 'Routes side by side' }).waitFor()
    await page.evaluate(() => {
      const refusing = { 'plan.estimate': () => undefined }
      const { bridge } = window as unknown as { bridge: { call(name: string, ...rest: unknown[]): Promise<unknown> } }
      const call = bridge.call.bind(bridge)
      bridge.call = (name, ...rest) =>
        name in refusing
          ? Promise.resolve({
              ok: false,
              fault: { code: 'bad-input', retry: 'after-human', facts: { field: 'gateway.filesPerSecond', problem: 'no' } },
            })
          : call(name, ...rest)
    })
    await page.getByRole('textbox', { name: /^Small files that a share writes/ }).fill('15')
    await page.getByText('A number above 0').waitFor()
    expect(await page.getByRole('table', { name: 'Routes side by side' }).count()).toBe(1)
    await page.context().close()
  })

  it('walks the wizard by keyboard alone and starts the work with the rule, the answers and the painted hours', async () => {
    const page = await open({
      answers: { ...planning, 'works.start': { workId: 'plan-9' }, 'limits.save': { now: null, grid: null, routes: ['share', 'link'] } },
    })
    await page.getByRole('button', { name: 'Begin to plan' }).waitFor()
    const toButton = async (name: string): Promise<void> => {
      for (let tries = 0; tries < 120; tries += 1) {
        const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
        const isButton = await page.evaluate(() => document.activeElement?.tagName === 'BUTTON')
        if (isButton && focused === name) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`no Tab leads to ${name}`)
    }
    await toButton('Begin to plan')
    await page.keyboard.press('Enter')
    const toEntry = async (name: string): Promise<void> => {
      const entry = page.getByRole('textbox', { name })
      for (let tries = 0; tries < 120; tries += 1) {
        if (await entry.evaluate((element) => element === document.activeElement)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`no Tab leads to ${name}`)
    }
    await page.getByRole('textbox', { name: 'Cold for' }).waitFor()
    await toEntry('Cold for')
    await page.keyboard.type('7')
    await toButton('Next')
    await page.keyboard.press('Enter')
    await page.getByRole('table', { name: 'Routes side by side' }).waitFor()
    await toButton('Next')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Gateway of the share' }).waitFor()
    await toButton('Next')
    await page.keyboard.press('Enter')
    await page.getByRole('grid').waitFor()
    // The first hour of every day, painted shut: no wait for a pointer.
    await page.getByRole('radio', { name: 'nothing is sent' }).focus()
    await page.keyboard.press('Space')
    await page.locator('[data-spot="0.0"]').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Space')
    await page.getByText(/Each day alike: 01:00–24:00/).waitFor()
    await toButton('Next')
    await page.keyboard.press('Enter')
    await page.getByText('Only studies go of which no file was changed in the last 7 years.').waitFor()
    await toButton('Make the plan')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => (await askedFor(page, 'works.start')).at(-1))
      .toMatchObject({ kind: 'plan', rule: { coldYears: 7 }, answers: { link: { windows: [{ from: '01:00', to: '24:00' }] } } })
    const [saved] = (await askedFor(page, 'limits.save')) as readonly { grid: (number | null)[] }[]
    expect(saved?.grid.map((rate, hour) => (rate === 0 ? hour : -1)).filter((hour) => hour >= 0)).toEqual([0, 24, 48, 72, 96, 120, 144])

    // The work runs, ends, and the plan that stands is shown.
    const work = aWork({ id: 'plan-9', kind: 'plan', stage: 'plan', items: 41_000, itemsTotal: null, bytesTotal: null })
    await tell(page, 'snapshot', aSnapshot({ works: [work] }))
    await page.getByText('The plan is being made').waitFor()
    await answerFrom(page, 'plan.current', standing)
    await tell(page, 'snapshot', aSnapshot({ works: [{ ...work, state: 'done', endedAt: Date.now() }] }))
    await page.getByRole('heading', { name: 'Plan 3' }).waitFor()
    await page.context().close()
  })

  it('shows the plan that stands, and asks for the name of who approves it', async () => {
    const page = await open({ answers: { ...planning, 'plan.current': standing, 'plan.approve': {} } })
    await page.getByText('This plan waits for approval').waitFor()
    expect(await page.getByRole('row', { name: /Cannot be read/ }).count()).toBe(1)
    await shot(page, 'plan-standing')
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Approve' }).click()
    const dialog = page.getByRole('dialog', { name: 'Approve plan 3' })
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await dialog.getByText('A name is needed.').waitFor()
    expect(await askedFor(page, 'plan.approve')).toEqual([])
    await dialog.getByRole('textbox').fill('Ada Beispiel')
    await answerFrom(page, 'plan.current', { ...standing, approvedBy: 'Ada Beispiel', approvedAt: Date.UTC(2026, 10, 24, 9) })
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await askedFor(page, 'plan.approve')).at(-1)).toEqual({ planId: 3, person: 'Ada Beispiel' })
    await page.getByText('Ada Beispiel').first().waitFor()
    expect(await page.getByText('This plan waits for approval').count()).toBe(0)
    await page.context().close()
  })

  it('begins a new plan from the one that stands, and says what it takes the place of', async () => {
    const approved = { ...standing, approvedBy: 'Ada Beispiel', approvedAt: Date.UTC(2026, 10, 24, 9) }
    const page = await open({ answers: { ...planning, 'plan.current': approved } })
    await page.getByRole('button', { name: 'Plan again' }).click()
    expect(await page.getByRole('textbox', { name: 'Cold for' }).inputValue()).toBe('7')
    for (const title of ['Which route', 'Devices and waves', 'When', 'Review']) await next(page, title)
    await page.getByText('This plan takes the place of plan 3').waitFor()
    await page.getByText(/It was approved by Ada Beispiel/).waitFor()
    await page.context().close()
  })

  it('says what is missing before there is anything to plan, and shows a work that failed', async () => {
    const none = { items: 0, bytes: 0 }
    const totals = { ...aSnapshot().migration?.totals, inventory: none } as NonNullable<ReturnType<typeof aSnapshot>['migration']>['totals']
    const empty = await open({ snapshot: aSnapshot({ works: [], totals }) })
    await empty.getByText('There is nothing to plan yet').waitFor()
    await shot(empty, 'plan-empty')
    await empty.context().close()
    const page = await open({ answers: { ...planning, 'works.start': { workId: 'plan-9' } } })
    await begin(page)
    for (const title of ['Which route', 'Devices and waves', 'When', 'Review']) await next(page, title)
    await page.getByRole('button', { name: 'Make the plan' }).click()
    const fault = { code: 'no-route', retry: 'after-human' as const, facts: {} }
    await tell(page, 'snapshot', aSnapshot({ works: [aWork({ id: 'plan-9', kind: 'plan', state: 'failed', fault })] }))
    await page.getByText('no-route').waitFor()
    await page.context().close()
  })

  it('is German from end to end', async () => {
    const page = await open({}, { language: 'de' })
    await page.getByRole('button', { name: 'Mit dem Planen beginnen' }).click()
    await page
      .getByText(/612\.000 Studien/)
      .first()
      .waitFor()
    const leftovers: string[] = []
    for (const title of ['Was geht', 'Welcher Weg', 'Geräte und Wellen', 'Wann', 'Durchsicht']) {
      if (title !== 'Was geht') await page.getByRole('button', { name: 'Weiter' }).click()
      await page.getByRole('heading', { name: title }).first().waitFor()
      await page.getByRole('button', { name: /^(Weiter|Plan machen)$/ }).waitFor()
      if (title === 'Welcher Weg') await page.getByRole('table', { name: 'Wege nebeneinander' }).waitFor()
      const said = (await page.locator('main').innerText()).replace(
        /AWS (Snowball Edge Developer Guide|Storage Blog|Storage Gateway)[^\n]*/g,
        '',
      )
      leftovers.push(
        ...(said.match(/\b(the|items?|studies|of|next|previous|days?|route|lane|your|with|and)\b/gi) ?? []).map(
          (word) => `${title}: ${word}`,
        ),
      )
    }
    await shot(page, 'plan-german')
    expect(leftovers).toEqual([])
    await page.context().close()
  })
})
