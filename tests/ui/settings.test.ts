/** Settings: each change is kept at once; the wallboard's link and code are shown once. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, complaints, englishLeftOvers, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, tell, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the Settings', () => {
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
  const listening = aHost({
    settings: { ...aHost().settings, wallboard: { enabled: true, address: '10.1.2.3', port: 8466, https: false } },
    wallboard: {
      state: 'listening',
      url: 'http://10.1.2.3:8466/',
      https: false,
      viewers: 3,
      fault: null,
      pairings: [{ id: 'p1', label: 'corridor IT', createdAt: 1_764_000_000_000, lastSeenAt: null }],
    },
  })
  const open = (standIn: Partial<StandIn> = {}, look: Look = {}): Promise<Page> =>
    openStandIn(
      browser,
      screens.url,
      {
        host: listening,
        snapshot: aSnapshot(),
        screen: 'settings',
        ...standIn,
        answers: {
          'host.interfaces': {
            interfaces: [
              { name: 'lo', address: '127.0.0.1', internal: true },
              { name: 'eth0', address: '10.1.2.3', internal: false },
            ],
          },
          'host.keptKeys': { names: ['mover'] },
          'host.saveSettings': listening,
          'host.setWallboard': listening,
          'host.revokeWallboard': listening,
          ...standIn.answers,
        },
      },
      look,
    )

  it.each(looks)('has no serious accessibility finding and breaks no content security policy: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await page.getByText('corridor IT').waitFor()
    await shot(page, `settings-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('keeps look, language, notifications and what closing does, one at a time', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Dark', exact: true }).click()
    await page.getByRole('button', { name: 'Comfortable' }).click()
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByLabel('a lane stalls').click()
    await page.getByLabel('Work stops').click()
    expect(await askedFor(page, 'host.saveSettings')).toEqual([
      { settings: { appearance: 'dark' } },
      { settings: { density: 'comfortable' } },
      { settings: { language: 'de' } },
      { settings: { notifications: { 'device-delivered': true, 'lane-stalled': false, 'verification-done': true, failure: true } } },
      { settings: { onClose: 'stop' } },
    ])
    await page.context().close()
  })

  it('warns of plain HTTP, shows a pairing once, and revokes one', async () => {
    const page = await open({
      answers: {
        'host.pairWallboard': { id: 'p2', link: 'http://10.1.2.3:8466/#token', code: 'K7QD-2MXP', codeEndsAt: Date.now() + 600_000 },
      },
    })
    await page.getByText('Plain HTTP: whoever is on this network can read the figures on their way.').waitFor()
    await page.getByLabel('Name of the screen').fill('reading room')
    await page.getByRole('button', { name: 'Pair a screen' }).click()
    const once = page.getByRole('dialog', { name: 'Shown once' })
    await once.getByText('K7QD-2MXP').waitFor()
    await shot(page, 'settings-pairing')
    expect(await seriousViolations(page)).toEqual([])
    await once.getByRole('button', { name: 'Done' }).click()
    await once.waitFor({ state: 'detached' })
    expect(await page.getByText('K7QD-2MXP').count()).toBe(0)
    await page.getByRole('button', { name: 'Revoke: corridor IT' }).click()
    expect(await askedFor(page, 'host.revokeWallboard')).toEqual([{ id: 'p1' }])
    await page.context().close()
  })

  it('says why the wallboard does not run, and which settings could not be used', async () => {
    const page = await open()
    await tell(page, 'host', {
      ...listening,
      settingsRefused: ['density'],
      wallboard: { ...listening.wallboard, state: 'failed', url: null, fault: 'port-in-use' },
    })
    await page.getByText('The port that was asked for is used by another program.').first().waitFor()
    await page.getByText('These settings could not be used and have their defaults').waitFor()
    await page.context().close()
  })

  it('takes only a https feed for updates, and offers log-out and idle minutes in the console only', async () => {
    const page = await open()
    await page.getByLabel('Update feed').fill('http://somewhere')
    await page.getByText('Must begin with https://').waitFor()
    expect(await page.getByRole('button', { name: 'Log out now' }).count()).toBe(0)
    await tell(page, 'host', { ...listening, host: 'console' })
    await page.getByRole('button', { name: 'Log out now' }).click()
    expect(await askedFor(page, 'host.logOut')).toEqual([{}])
    await page.context().close()
  })

  it('names kept keys and forgets them', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Forget: mover' }).click()
    expect(await askedFor(page, 'host.forgetKeys')).toEqual([{ name: 'mover' }])
    await page.context().close()
  })

  it('speaks German without English left over', async () => {
    const page = await open({}, { language: 'de' })
    await page.getByRole('heading', { name: 'Wandanzeige' }).waitFor()
    await shot(page, 'settings-german')
    expect(await englishLeftOvers(page)).toEqual([])
    await page.context().close()
  })
})
