/** The Devices screen, as a person with a mouse, with a keyboard alone, and with either language meets it. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { asked, englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aDevice, aDeviceInDetail, aFleet, orderSettings } from './cannedDevices.ts'
import { aHost, aSnapshot, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

describe.skipIf(noChromium)('the Devices screen', () => {
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

  const open = (screen: string, answers: Canned, look: Look, migration: Parameters<typeof aSnapshot>[0]): Promise<Page> =>
    impatient(openStandIn(browser, screens.url, { host: aHost(), snapshot: aSnapshot(migration), answers, screen }, look))
  const fleet = (answers: Canned = {}, look: Look = {}) =>
    open('devices', { 'devices.list': aFleet(), 'devices.orderSettings': orderSettings(), ...answers }, look, {})
  const device = (answers: Canned = {}, look: Look = {}, migration: Parameters<typeof aSnapshot>[0] = {}) =>
    open('devices?device=3', { 'devices.list': aFleet(), 'devices.detail': aDeviceInDetail(), ...answers }, look, migration)

  it.each(looks)('shows the fleet and a device without a serious accessibility finding: $name', async (look) => {
    const page = await fleet({ 'devices.detail': aDeviceInDetail() }, look)
    const heard = complaints(page)
    await page.getByRole('button', { name: 'Device 3' }).waitFor()
    await shot(page, `devices-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Device 3' }).click()
    await page.getByRole('heading', { level: 1, name: 'Device 3' }).waitFor()
    await page.getByRole('img', { name: /^Batches:/ }).waitFor()
    await shot(page, `device-${look.name}`)
    await page.getByRole('heading', { name: 'Custody' }).scrollIntoViewIfNeeded()
    await shot(page, `device-below-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('is wholly German where German is wanted', async () => {
    const page = await device({}, { language: 'de' })
    await page.getByRole('heading', { level: 1, name: 'Gerät 3' }).waitFor()
    await page.getByRole('img', { name: /^Stapel:/ }).waitFor()
    await shot(page, 'device-german')
    expect(await englishLeftovers(page)).toEqual([])
    await page.getByRole('button', { name: 'Alle Geräte' }).click()
    await page.getByRole('table').waitFor()
    expect(await englishLeftovers(page)).toEqual([])
    await page.context().close()
  })

  it('leads to the plan when no devices are planned', async () => {
    const page = await fleet({ 'devices.list': aFleet({ devices: [] }) })
    await page.getByRole('heading', { name: 'No devices are planned' }).waitFor()
    await shot(page, 'devices-empty')
    await page.context().close()
  })

  it('shows a state of AWS that it does not know by AWS’s own word', async () => {
    const page = await fleet()
    await page
      .getByRole('row', { name: /Device 6/ })
      .getByText('WithAWSRegionalHub')
      .waitFor()
    await page.context().close()
  })

  it('says what will be ordered and what the account may have, and asks who orders', async () => {
    const page = await fleet({ 'devices.order': { ordered: [7] } })
    await page.getByRole('button', { name: 'Order devices' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('AWS is asked to send 1 device.').waitFor()
    await dialog.getByText('The account may have 6 devices at once and uses 5.').waitFor()
    await dialog.getByText('Planned until others have gone back: 1 device.').waitFor()
    await dialog.getByRole('button', { name: 'Order devices' }).click()
    await dialog.getByText('A name is needed.').waitFor()
    expect(await asked(page, 'devices.order')).toEqual([])
    await dialog.getByLabel('Your name').fill('M. Arslan')
    await dialog.getByRole('button', { name: 'Order devices' }).click()
    expect(await lastAsked(page, 'devices.order')).toEqual({ person: 'M. Arslan' })
    await page.getByText('1 device ordered.').waitFor()
    await page.context().close()
  })

  it('warns of days that are running out, on the fleet and on the page of the device', async () => {
    const fleet = await device({ 'devices.detail': aDeviceInDetail({ alerts: [{ code: 'on-site-over', days: 2 }] }) })
    await fleet.getByText('Device 3: 2 days on site more than are included: AWS charges for each.').waitFor()
    await shot(fleet, 'device-alert')
    await fleet.context().close()
  })

  it('asks AWS where the devices are', async () => {
    const page = await fleet({ 'devices.track': {} })
    await page.getByRole('button', { name: 'Ask AWS now' }).click()
    await lastAsked(page, 'devices.track')
    await page.context().close()
  })

  it('shows the unlock code to somebody who gave a name, and takes it away by itself', async () => {
    const code = '7c0e1-bab84-f7675-0a2b6-6e1b2'
    const manifestUri = 'https://manifests.example/JID_manifest.bin?signature=abc'
    const page = await device({ 'devices.unlockCode': { code, manifestUri, endsAt: Date.now() + 3_600_000 } })
    await page.getByRole('button', { name: 'Show them' }).waitFor()
    await page.clock.install()
    await page.getByRole('button', { name: 'Show them' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByRole('button', { name: 'Show them' }).click()
    await page.getByText(code).waitFor()
    expect(await lastAsked(page, 'devices.unlockCode')).toEqual({ deviceId: 3, person: 'J. Weber' })
    await page.getByText(/^Closes by itself in/).waitFor()
    await page.getByText(/^Closes by itself in/).scrollIntoViewIfNeeded()
    await shot(page, 'device-unlock-code')
    await page.clock.fastForward('01:50')
    expect(await page.getByText(code).count()).toBe(1)
    await page.clock.fastForward('00:15')
    await page.getByText(code).waitFor({ state: 'detached' })
    const left = await page.evaluate(() => ({
      dom: document.documentElement.outerHTML,
      local: JSON.stringify(Object.entries(localStorage)),
      session: JSON.stringify(Object.entries(sessionStorage)),
      cookies: document.cookie,
      hash: location.href,
    }))
    for (const place of Object.values(left)) {
      expect(place).not.toContain(code)
      expect(place).not.toContain('signature=abc')
    }
    await page.context().close()
  })

  it('takes the unlock code away when the window is left', async () => {
    const code = '7c0e1-bab84-f7675-0a2b6-6e1b2'
    const page = await device({ 'devices.unlockCode': { code, manifestUri: 'https://m.example/', endsAt: Date.now() + 600_000 } })
    await page.getByRole('button', { name: 'Show them' }).click()
    await page.getByRole('dialog').getByLabel('Your name').fill('J. Weber')
    await page.keyboard.press('Enter')
    await page.getByText(code).waitFor()
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.getByText(code).waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('hands keys of a real device over once and forgets them', async () => {
    const page = await device({ 'devices.detail': aDeviceInDetail({ access: null }), 'devices.access': {} }, {}, { works: [] })
    await page.getByRole('button', { name: 'Enter endpoint and keys' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Use for this session' }).click()
    await dialog.getByText('An address that begins with https:// or http:// is needed.').waitFor()
    await dialog.getByLabel('Endpoint').fill('https://192.0.2.10:8443')
    await dialog.getByLabel('Access key ID').fill('AKIAIOSFODNN7EXAMPLE')
    await dialog.getByLabel('Secret access key').fill('a-secret-of-a-device')
    await dialog.getByRole('button', { name: 'Use for this session' }).click()
    expect(await lastAsked(page, 'devices.access')).toEqual({
      deviceId: 3,
      endpoint: 'https://192.0.2.10:8443',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'a-secret-of-a-device',
      certificate: null,
    })
    await dialog.waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain('a-secret-of-a-device')
    await page.context().close()
  })

  it('loads only when it knows how the device is reached', async () => {
    const page = await device({ 'devices.detail': aDeviceInDetail({ access: null }) }, {}, { works: [] })
    const load = page.getByRole('button', { name: 'Go on loading' })
    await load.waitFor()
    expect(await load.getAttribute('aria-disabled')).toBe('true')
    await page.context().close()
  })

  it('starts loading, and pauses the load that runs', async () => {
    const idle = await device({ 'works.start': { workId: 'load-3' } }, {}, { works: [] })
    await idle.getByRole('button', { name: 'Go on loading' }).click()
    expect(await lastAsked(idle, 'works.start')).toEqual({ kind: 'load', deviceId: 3 })
    await idle.context().close()
    const running = await device({ 'works.pause': {} })
    await running.getByRole('button', { name: 'Pause: Load device 3' }).click()
    expect(await lastAsked(running, 'works.pause')).toEqual({ workId: 'work-2' })
    await running.context().close()
  })

  it('ticks the checklist with a name, by keyboard alone', async () => {
    const page = await device({ 'devices.check': {} })
    const powered = page.getByRole('checkbox', { name: /powered off/ })
    await powered.waitFor()
    expect(await powered.isDisabled()).toBe(true)
    await page.getByLabel('Your name, for the ticks').focus()
    await page.keyboard.type('J. Weber')
    // Over the inspection and the first line.
    for (let at = 0; at < 3; at += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await lastAsked(page, 'devices.check')).toEqual({ deviceId: 3, code: 'powered-off', person: 'J. Weber', done: true })
    await page.context().close()
  })

  it('ships only when nothing of the checklist is open', async () => {
    const open = await device()
    const button = open.getByRole('button', { name: 'Ready to ship' })
    await button.waitFor()
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await open.context().close()
    const checklist = aDeviceInDetail().checklist.map((line) => ({ ...line, done: true }))
    const page = await device({ 'devices.detail': aDeviceInDetail({ checklist }), 'devices.ship': {} })
    await page.getByRole('button', { name: 'Ready to ship' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByLabel('Place').fill('Goods entrance')
    await dialog.getByLabel('Note').fill('Seal 4711')
    await dialog.getByRole('button', { name: 'Hand over' }).click()
    expect(await lastAsked(page, 'devices.ship')).toEqual({ deviceId: 3, person: 'J. Weber', place: 'Goods entrance', note: 'Seal 4711' })
    await page.context().close()
  })

  it('inspects a loaded device in the name of a person, and shows what was found', async () => {
    const loaded = (code: string) => code === 'all-sent' || code === 'no-load-running'
    const checklist = aDeviceInDetail().checklist.map((line) => ({ ...line, done: loaded(line.code) }))
    const page = await device({ 'devices.detail': aDeviceInDetail({ checklist }), 'works.start': { workId: 'inspect-1' } })
    await page.getByRole('button', { name: 'Inspect the device' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByRole('checkbox', { name: 'Read back every item' }).click()
    await dialog.getByRole('button', { name: 'Inspect', exact: true }).click()
    expect(await lastAsked(page, 'works.start')).toEqual({ kind: 'inspect', deviceId: 3, person: 'J. Weber', all: true })
    await page.context().close()
    const counted = {
      items: 26_000_000,
      bytes: 13.2e12,
      batches: 4800,
      leftBehindItems: 3,
      leftBehindBytes: 1_500_000,
      sampledItems: 500,
      sampledBytes: 2.5e8,
    }
    const inspection = {
      at: Date.now() - 60_000,
      person: 'J. Weber',
      manifestSha256: 'c0ffee'.repeat(10).padEnd(64, '0'),
      differing: 0,
      ...counted,
    }
    const done = await device({ 'devices.detail': aDeviceInDetail({ checklist, inspection }) })
    await done.getByText(/^26,000,000 items, 13\.2\sTB; 500 of them read back as they were sent\./).waitFor()
    await done.getByText(inspection.manifestSha256).scrollIntoViewIfNeeded()
    await shot(done, 'device-inspected')
    await done.context().close()
    const bad = await device({ 'devices.detail': aDeviceInDetail({ checklist, inspection: { ...inspection, differing: 2 } }) })
    await bad.getByText(/^2 did not come back as sent: load again/).waitFor()
    await bad.context().close()
  })

  it('holds bill, logs and verdicts of an imported device against each other', async () => {
    const counts = { billed: 26_000_000, imported: 25_999_990, failed: 10, notMentioned: 0, verified: 25_999_988, notVerified: 12 }
    const rest = { notJudged: 0, contradicted: 2, unknown: 0, billIntact: true, logs: ['success', 'failure'] as ('success' | 'failure')[] }
    const imported = aDeviceInDetail({ state: 'Complete', allowed: [] })
    const found = { deviceId: 3, ...counts, ...rest, failures: [{ itemId: 5, reason: 'key too long' }] }
    const page = await device({ 'devices.detail': imported, 'devices.reconcile': found })
    await page.getByRole('button', { name: 'Compare' }).click()
    expect(await lastAsked(page, 'devices.reconcile')).toEqual({ deviceId: 3 })
    await page.getByText('Not every item that left the house is verified in S3.').waitFor()
    await page.getByText(/2 imported, says AWS, and yet missing or different/).waitFor()
    await shot(page, 'device-reconciled')
    expect(await seriousViolations(page)).toEqual([])
    await page.context().close()
    const good = { ...found, verified: counts.billed, notVerified: 0, contradicted: 0 }
    const agreeing = await device({ 'devices.detail': imported, 'devices.reconcile': good })
    await agreeing.getByRole('button', { name: 'Compare' }).click()
    await agreeing.getByText('Every item that left the house is verified in S3.').waitFor()
    await agreeing.context().close()
  })

  it('adds to the story of custody', async () => {
    const page = await device({ 'devices.addCustody': {} })
    await page.getByRole('button', { name: 'Add an entry' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /What happened/ }).click()
    // What Firn sees itself, and the hand-over, are not a person's to enter.
    expect(await page.getByRole('option').allTextContents()).toEqual([
      'ReceivedSelected Received',
      'Unlocked',
      'Locked and powered off',
      'Moved in the house',
      'With the carrier',
    ])
    await page.getByRole('option', { name: 'Moved in the house' }).click()
    await dialog.getByLabel('To whom').fill('Cardiology')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByLabel('Note').fill('Through gate 3.')
    await dialog.getByRole('button', { name: 'Add' }).click()
    expect(await lastAsked(page, 'devices.addCustody')).toEqual({
      deviceId: 3,
      step: 'moved',
      person: 'J. Weber',
      place: '',
      note: 'Through gate 3.',
      from: '',
      to: 'Cardiology',
      attachments: [],
    })
    await page.context().close()
  })

  it('corrects an entry of a person with a reason, and shows that one as it does not hold', async () => {
    const page = await device({ 'devices.correctCustody': {} })
    await page.getByText('Does not hold: corrected by entry 3.').waitFor()
    await page.getByRole('button', { name: 'Correct entry 5' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('M. Arslan')
    await dialog.getByRole('button', { name: 'Correct' }).click()
    await dialog.getByText('This is needed.').waitFor()
    await dialog.getByLabel('Why it does not hold').fill('It was room C.')
    await shot(page, 'custody-correct')
    await dialog.getByRole('button', { name: 'Correct' }).click()
    expect(await lastAsked(page, 'devices.correctCustody')).toEqual({
      deviceId: 3,
      number: 5,
      person: 'M. Arslan',
      reason: 'It was room C.',
    })
    await page.context().close()
  })

  it('says when the story of custody is not as it was written', async () => {
    const page = await device({ 'devices.detail': aDeviceInDetail({ custodyWhole: false }) })
    await page.getByText(/An entry was changed or removed outside Firn/).waitFor()
    await page.context().close()
  })

  it('says “counting” until AWS knows the totals of an import', async () => {
    const importing = {
      ...aDeviceInDetail(),
      ...aDevice(3, 'InProgress'),
      import: { bytes: 1.2e12, objects: 431, totalBytes: null, totalObjects: null },
    }
    const page = await device({ 'devices.detail': importing }, {}, { works: [] })
    await page.getByText('431 · counting').waitFor()
    await shot(page, 'device-importing')
    await page.context().close()
  })

  it('cancels an order while AWS allows it, and says why not later', async () => {
    const fresh = await device(
      { 'devices.detail': { ...aDeviceInDetail(), ...aDevice(3, 'New') }, 'devices.cancel': {} },
      {},
      { works: [] },
    )
    await fresh.getByRole('button', { name: 'More' }).click()
    await fresh.getByRole('menuitem', { name: 'Cancel the order' }).click()
    const dialog = fresh.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('M. Arslan')
    await dialog.getByRole('button', { name: 'Cancel the order' }).click()
    expect(await lastAsked(fresh, 'devices.cancel')).toEqual({ deviceId: 3, person: 'M. Arslan' })
    await fresh.context().close()
    const late = await device()
    await late.getByRole('button', { name: 'More' }).click()
    const item = late.getByRole('menuitem', { name: /Cancel the order/ })
    expect(await item.getAttribute('aria-disabled')).toBe('true')
    await late.getByText('AWS cancels a job only until it begins to prepare the device.').first().waitFor({ state: 'attached' })
    await late.context().close()
  })

  it('shows loading and refusal for what they are', async () => {
    const loading = await fleet({ 'devices.list': 'loading' })
    await loading.getByText('Loading').first().waitFor()
    await loading.context().close()
    const refused = await fleet({ 'devices.list': { fault: 'engine-gone' } })
    await refused.getByRole('button', { name: 'Try again' }).waitFor()
    await refused.context().close()
  })
})
