/** What a person does on the Devices screen besides looking: order settings, attachments of custody, planning anew. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { asked, englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aDeviceInDetail, aFleet, orderSettings } from './cannedDevices.ts'
import { aHost, aSnapshot, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

describe.skipIf(noChromium)('what is done on the Devices screen', () => {
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

  it('says where to, how long and how much before the order, as far as settings and plan know', async () => {
    const page = await fleet()
    await page.getByRole('button', { name: 'Order devices' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('They are shipped to Klinikum Beispielstadt, Beispielstadt.').waitFor()
    await dialog.getByText('By the plan the device lane takes 34 to 52 days.').waitFor()
    await dialog.getByText('all its devices cost about 9,600 to 12,100 USD').waitFor()
    await shot(page, 'devices-order')
    await page.context().close()
  })

  it('cannot order before there are order settings, and says so', async () => {
    const page = await fleet({ 'devices.orderSettings': orderSettings({ settings: null }) })
    await page.getByText('Order settings are not set yet: devices cannot be ordered before.').filter({ visible: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Order devices' }).getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: 'Order settings' }).first().click()
    await page.getByRole('dialog').getByLabel('Import role (ARN)').waitFor()
    await page.context().close()
  })

  it.each(looks)('shows the order settings without a serious accessibility finding: $name', async (look) => {
    const page = await fleet({}, look)
    const heard = complaints(page)
    await page.getByRole('button', { name: 'Order settings' }).click()
    await page.getByRole('dialog').getByLabel('Import role (ARN)').waitFor()
    await shot(page, `devices-order-settings-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('says at its field what AWS would refuse, saves nothing while there is any, and then all of it in a person’s name', async () => {
    const page = await fleet({ 'devices.saveOrderSettings': {} })
    await page.getByRole('button', { name: 'Order settings' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByLabel(/^KMS key/).fill('alias/images')
    await dialog.getByText('This is an alias. Snowball takes the ARN of the key itself.').waitFor()
    await dialog.getByLabel('Street', { exact: true }).fill('Postfach 12')
    await dialog.getByText('Devices are not delivered to a PO box').waitFor()
    await dialog.getByLabel('City').fill('')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('This is needed.').waitFor()
    await shot(page, 'devices-order-settings-refused')
    expect(await asked(page, 'devices.saveOrderSettings')).toEqual([])
    await dialog.getByLabel(/^KMS key/).fill('')
    await dialog.getByLabel('Street', { exact: true }).fill('Am Wareneingang 1')
    await dialog.getByLabel('City').fill('Musterstadt')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const { settings } = orderSettings()
    const { kmsKeyArn: _key, ...rest } = settings ?? { address: {} }
    expect(await lastAsked(page, 'devices.saveOrderSettings')).toEqual({
      person: 'J. Weber',
      settings: { ...rest, address: { ...settings?.address, city: 'Musterstadt' } },
    })
    await page.getByText('The order settings are saved.').waitFor()
    await page.context().close()
  })

  it('offers the shipping speeds of the country, and is German where German is wanted', async () => {
    const page = await fleet({}, { language: 'de' })
    await page.getByRole('button', { name: 'Bestelldaten' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Land', { exact: true }).fill('US')
    await dialog.getByText('EXPRESS gibt es in US nicht').waitFor()
    await dialog.getByText('In US dürfen Geräte von eu-central-1 nicht benutzt werden.').waitFor()
    await dialog.getByRole('button', { name: /^Versandart/ }).click()
    const offered = await page.getByRole('option').allTextContents()
    expect(offered.map((text) => text.replace(/Ausgewählt.*/, ''))).toEqual(['Zweiter Tag', 'Nächster Tag', 'Express'])
    await page.keyboard.press('Escape')
    expect(await englishLeftovers(page)).toEqual([])
    await page.context().close()
  })

  it('plans anew what a full device did not take, and says where it goes', async () => {
    const page = await device({ 'devices.replan': { items: 4_600_000, bytes: 2.3e12, toDevice: 7, kept: 2, byLink: 120 } })
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Plan the rest anew' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Not confirmed by it: 4,600,000 items').waitFor()
    await dialog.getByRole('button', { name: /^Where to/ }).click()
    await page.getByRole('option', { name: 'Device 7' }).click()
    await dialog.getByLabel('Your name').fill('M. Arslan')
    await shot(page, 'device-replan')
    expect(await seriousViolations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Plan anew' }).click()
    expect(await lastAsked(page, 'devices.replan')).toEqual({ deviceId: 3, cause: 'full', to: 7, person: 'M. Arslan' })
    await page.getByText('planned anew onto device 7.').waitFor()
    await page.getByText('120 of them go over the link').waitFor()
    await page.context().close()
  })

  it('gives a dead device up only when its name is typed', async () => {
    const page = await device({ 'devices.replan': { items: 1, bytes: 1, toDevice: null, kept: 0, byLink: 0 } })
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Plan the rest anew' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /^It is dead or lost/ }).click()
    await dialog.getByText('This cannot be undone.').waitFor()
    await dialog.getByLabel('Your name').fill('M. Arslan')
    await dialog.getByRole('button', { name: 'Plan anew' }).click()
    await dialog.getByText('This is not the name of the device.').waitFor()
    expect(await asked(page, 'devices.replan')).toEqual([])
    await dialog.getByLabel('Type Device 3 to confirm').fill('Device 3')
    await shot(page, 'device-replan-dead')
    await dialog.getByRole('button', { name: 'Plan anew' }).click()
    expect(await lastAsked(page, 'devices.replan')).toEqual({ deviceId: 3, cause: 'dead', to: null, person: 'M. Arslan' })
    await page.context().close()
  })

  it('takes photos and papers with an entry, chosen on the host, and takes one away again', async () => {
    const token = `path-${'1'.repeat(32)}`
    const page = await device({ 'devices.addCustody': {}, 'host.choose': { token, label: 'seal.jpg' } })
    await page.getByRole('button', { name: 'Add an entry' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your name').fill('J. Weber')
    await dialog.getByRole('button', { name: 'Choose a file' }).click()
    await dialog.getByRole('button', { name: 'Take seal.jpg away again' }).click()
    await dialog.getByText('seal.jpg').waitFor({ state: 'detached' })
    for (let twice = 0; twice < 2; twice += 1) {
      await dialog.getByRole('button', { name: 'Choose a file' }).click()
      await dialog.getByText('seal.jpg').waitFor()
    }
    await shot(page, 'device-attach')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    expect(await lastAsked(page, 'devices.addCustody')).toMatchObject({ step: 'received', attachments: [token] })
    await page.context().close()
  })

  it('shows what is attached by its digest, and whether the copies are as they were', async () => {
    const sha256 = 'ab'.repeat(32)
    const detail = aDeviceInDetail()
    const [first, ...others] = detail.custody
    if (first === undefined) throw new Error('there is an entry')
    const custody = [{ ...first, attachments: [{ sha256, bytes: 2_400_000, type: 'image/jpeg' as const }] }, ...others]
    const page = await device({
      'devices.detail': { ...detail, custody },
      'devices.checkAttachments': { attachments: [{ sha256, state: 'changed' }] },
    })
    await page.getByText('Photo, 2.4').waitFor()
    await page.getByRole('button', { name: 'Check the copies' }).click()
    await page.getByText('changed since').waitFor()
    await shot(page, 'device-attached')
    expect(await seriousViolations(page)).toEqual([])
    await page.context().close()
  })
})
