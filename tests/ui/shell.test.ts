/** The frame around every screen: true about its age, loud about a rehearsal, and usable by keyboard alone. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, aWork, complaints, englishLeftOvers, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, connect, openStandIn, serveScreens, tell, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the frame', () => {
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
  const list = {
    migrations: [
      { id: 'migration-1', name: 'Radiology archive 2009-2019', kind: 'real', openedAt: 1, state: 'open', label: '/srv/firn/radiology' },
      { id: 'migration-2', name: 'Rehearsal', kind: 'rehearsal', openedAt: 1, state: 'closed', label: '/srv/firn/rehearsal' },
    ],
    profiles: [],
  } as const
  const open = async (standIn: Partial<StandIn> = {}, look: Look = {}): Promise<Page> => {
    const page = await openStandIn(
      browser,
      screens.url,
      {
        host: aHost(),
        snapshot: aSnapshot(),
        ...standIn,
        answers: { 'migrations.list': { migrations: [...list.migrations], profiles: [] }, ...standIn.answers },
      },
      look,
    )
    return page
  }
  const status = (page: Page): Promise<string> => page.getByRole('contentinfo', { name: 'Status' }).innerText()

  it.each(looks)('has no serious accessibility finding and breaks no content security policy: $name', async (look) => {
    const page = await open({ snapshot: aSnapshot({ kind: 'rehearsal' }), screen: 'settings' }, look)
    const heard = complaints(page)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('F1')
    await page.getByRole('heading', { name: 'About this screen' }).waitFor()
    await shot(page, `shell-help-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('says REHEARSAL on every screen of a rehearsal, and on none of a real migration', async () => {
    const page = await open({ snapshot: aSnapshot({ kind: 'rehearsal' }) })
    for (const name of [
      'overview',
      'archives',
      'plan',
      'devices',
      'share',
      'transfers',
      'verification',
      'evidence',
      'start',
      'settings',
      'diagnostics',
    ]) {
      await page.goto(`${screens.url}#${name}`)
      await page.getByText('REHEARSAL', { exact: true }).waitFor()
    }
    expect(await page.title()).toContain('REHEARSAL')
    await tell(page, 'snapshot', aSnapshot())
    await page.getByText('REHEARSAL', { exact: true }).waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('keeps the status line true: how far, how fast, until when, and whether journal, engine and AWS are well', async () => {
    const page = await open()
    await page.getByText('9 to 11 days left').waitFor()
    expect((await status(page)).replaceAll('\u00a0', ' ')).toMatch(
      /41 % verified.*592 MB\/s.*9 to 11 days left.*journal ok.*engine ok.*AWS reached \d+ s ago/s,
    )
    await page.context().close()
  })

  it('greys everything and says since when, when the connection is lost, and recovers by itself', async () => {
    const page = await open()
    await page.getByText('9 to 11 days left').waitFor()
    await connect(page, 'lost')
    await page.getByText(/No connection to Firn since \d\d:\d\d/).waitFor()
    expect(await status(page)).toMatch(/stale since \d\d:\d\d/)
    expect(await page.locator('.firn-stale').count()).toBe(1)
    expect(await page.title()).toMatch(/stale since/)
    await shot(page, 'shell-connection-lost')
    expect(await seriousViolations(page)).toEqual([])
    await connect(page, 'open')
    await page.getByText(/No connection to Firn/).waitFor({ state: 'detached' })
    expect(await page.locator('.firn-stale').count()).toBe(0)
    await page.context().close()
  })

  it('says what to do on a whole page when the session has ended', async () => {
    const page = await open({ connection: 'ended' })
    await page.getByRole('heading', { name: 'This session has ended' }).waitFor()
    await page.getByText('Open the console again with a new link', { exact: false }).waitFor()
    await shot(page, 'shell-session-ended')
    await page.context().close()
  })

  it('shows that the engine crashed and was restarted, and offers a restart when it gave up', async () => {
    const page = await open()
    const at = Date.now() - 5000
    await tell(page, 'host', aHost({ engine: { state: 'restarting', since: at, restarts: 1, lastEnd: { at, how: 'SIGKILL' } } }))
    await page.getByText(/The engine ended unexpectedly at .* and is being restarted/).waitFor()
    await tell(page, 'host', aHost({ engine: { state: 'running', since: at, restarts: 1, lastEnd: { at, how: 'SIGKILL' } } }))
    const restarted = page.getByText(/The engine ended unexpectedly at .* \(SIGKILL\) and was restarted/)
    await restarted.waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await restarted.waitFor({ state: 'detached' })
    await tell(page, 'host', aHost({ engine: { state: 'gave-up', since: at, restarts: 5, lastEnd: { at, how: '1' } } }))
    await page.getByText(/The engine ended again and again/).waitFor()
    await shot(page, 'shell-engine-gave-up')
    expect(await seriousViolations(page)).toEqual([])
    expect(await status(page)).toContain('engine stopped')
    await page.getByRole('button', { name: 'Restart engine' }).first().click()
    expect(await askedFor(page, 'host.restartEngine')).toHaveLength(1)
    await page.context().close()
  })

  it('tells of failed and stalled works, settings that could not be used, and an unreachable AWS; and of nothing when all is well', async () => {
    const page = await open()
    await page.getByText('9 to 11 days left').waitFor()
    expect(await page.getByRole('button', { name: 'Dismiss' }).count()).toBe(0)
    await tell(
      page,
      'snapshot',
      aSnapshot({
        awsFault: 'aws-unreachable',
        works: [
          aWork({ stalledSince: Date.now() - 600_000 }),
          aWork({
            id: 'work-3',
            kind: 'scan',
            state: 'failed',
            endedAt: Date.now(),
            fault: { code: 'source-unreadable', retry: 'later', facts: {} },
          }),
        ],
      }),
    )
    await page.getByText('Scan the archives: The source stopped answering or refused to be read.').waitFor()
    await page.getByText(/Push to the share: nothing has moved since/).waitFor()
    await page.getByText('AWS: The service did not answer.').waitFor()
    await page.getByRole('button', { name: 'Look at it' }).first().click()
    await page.waitForURL(/#transfers/)
    await page.context().close()
  })

  it('is walked by keyboard alone: skip link, letters, digits, back, list of shortcuts', async () => {
    const page = await open()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('screen-title')
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.textContent === 'Settings')
    await page.keyboard.press('Control+1')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.keyboard.press('?')
    const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await shortcuts.waitFor()
    await shot(page, 'shell-shortcuts')
    expect(await seriousViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await shortcuts.waitFor({ state: 'hidden' })
    await page.keyboard.press('g')
    await page.keyboard.press('x')
    expect(await askedFor(page, 'works.pauseAll')).toHaveLength(1)
    await page.context().close()
  })

  it('types letters into a field instead of following them', async () => {
    const page = await open({ snapshot: aSnapshot(null), screen: 'start' })
    await page.getByRole('button', { name: 'Set up a migration' }).click()
    await page.getByLabel('Name of the migration').fill('')
    await page.getByLabel('Name of the migration').pressSequentially('go?')
    expect(await page.getByLabel('Name of the migration').inputValue()).toBe('go?')
    expect(page.url()).toContain('#start')
    await page.context().close()
  })

  it('pauses and resumes all, and switches migration, look and language', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Pause all' }).click()
    expect(await askedFor(page, 'works.pauseAll')).toEqual([{}])
    await tell(page, 'snapshot', aSnapshot({ pausedAll: true }))
    await page.getByRole('button', { name: 'Resume all' }).click()
    expect(await askedFor(page, 'works.resumeAll')).toEqual([{}])
    await page.getByRole('button', { name: /^Migrations: Radiology/ }).click()
    await page.getByRole('menuitem', { name: /^Rehearsal/ }).click()
    expect(await askedFor(page, 'migrations.open')).toEqual([{ id: 'migration-2' }])
    await page.getByRole('button', { name: 'Appearance' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
    expect(await askedFor(page, 'host.saveSettings')).toEqual([{ settings: { appearance: 'dark' } }])
    await tell(page, 'host', aHost({ settings: { ...aHost().settings, appearance: 'dark', language: 'de' } }))
    await page.getByRole('button', { name: 'Alles fortsetzen' }).waitFor()
    const dark = await page.locator('#firn-status').evaluate((line) => getComputedStyle(line).backgroundColor)
    expect(Math.max(...(dark.match(/\d+/g) ?? ['255']).slice(0, 3).map(Number))).toBeLessThan(80)
    expect(await page.evaluate(() => [document.body.classList.contains('awsui-dark-mode'), document.documentElement.lang])).toEqual([
      true,
      'de',
    ])
    await page.context().close()
  })

  it('takes a folder that is dropped on the window as an archive', async () => {
    const token = `path-${'d'.repeat(32)}`
    const page = await open({ drops: { token, label: '/mnt/dropped' } })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([], 'dropped'))
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    })
    await page.getByText('/mnt/dropped').waitFor()
    await page.getByLabel('Prefix of its keys in the bucket').fill('dropped/')
    await page.getByRole('button', { name: 'Add as an archive' }).click()
    expect(await askedFor(page, 'archives.add')).toEqual([{ folder: token, prefix: 'dropped/' }])
    await page.context().close()
  })

  it('says so with a code when a screen falls over, and keeps bar, menu and status line', async () => {
    const page = await open()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.route(/Settings-.*\.js/, (route) => route.abort())
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Something failed that Firn has no words for yet.').waitFor()
    await page.getByText('screen=settings', { exact: false }).waitFor()
    expect(await status(page)).toContain('engine ok')
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await page.getByRole('heading', { name: 'Whole archive' }).waitFor()
    await page.context().close()
  })

  it('speaks German without English left over', async () => {
    const at = Date.now()
    const page = await open(
      {
        host: aHost({
          engine: { state: 'running', since: at, restarts: 1, lastEnd: { at, how: 'SIGKILL' } },
          settingsRefused: ['density'],
        }),
        snapshot: aSnapshot({ kind: 'rehearsal', name: 'Radiologie', works: [aWork({ stalledSince: at - 60_000 })] }),
        screen: 'settings',
      },
      { language: 'de' },
    )
    await page.getByText('PROBELAUF').waitFor()
    await page.keyboard.press('F1')
    await page.getByText('Zu diesem Bildschirm').waitFor()
    expect(await englishLeftOvers(page)).toEqual([])
    await page.context().close()
  })
})
