/** From the first screen to the opened report, as a person does it who has read nothing: once with the mouse, once with the keyboard alone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noChromium } from '../kit/chromium.ts'
import {
  keyboard,
  mouse,
  openApplication,
  planAndApprove,
  rehearseSample,
  shortly,
  sign,
  type Application,
  type Hand,
} from './applicationKit.ts'

const ticks = [/file interface/, /powered off, and/, /E Ink/, /doors are/, /source stays/]

describe.skipIf(noChromium)('a rehearsal in the application', () => {
  let at: Application
  beforeEach(async () => {
    at = await openApplication()
  })
  afterEach(async () => {
    await at.close()
  })

  test(
    'by mouse: plan approved, device loaded, shipped and imported, share pushed, all verified, report opened',
    () => walk(mouse(at.page)),
    400_000,
  )
  test('by keyboard alone: the same', () => walk(keyboard(at.page)), 500_000)

  test('when the engine is killed in the middle, the screen says so, it is started again, and the work goes on to the end', async () => {
    const { page } = at
    const hand = mouse(page)
    await rehearseSample(page, hand, '200')
    await hand.press(page.getByRole('button', { name: 'Do everything' }))
    await page.getByText('writing to the share').first().waitFor()
    const killed = at.enginePid()
    if (killed === undefined) throw new Error('the console has no engine')
    process.kill(killed, 'SIGKILL')
    await page
      .getByText(/engine ended/i)
      .first()
      .waitFor()
    await page
      .getByText('all verified')
      .first()
      .waitFor({ timeout: 5 * shortly })
    expect(at.enginePid()).not.toBe(killed)
  }, 400_000)

  async function walk(hand: Hand): Promise<void> {
    const { page } = at
    await rehearseSample(page, hand, '60')
    await planAndApprove(page, hand)
    await orderLoadAndShip(hand)
    await pushAndLand(hand)
    await verifyAll(hand)
    await openReport(hand)
    expect(at.complaints).toEqual([])
  }

  async function orderLoadAndShip(hand: Hand): Promise<void> {
    const { page } = at
    await hand.goTo('Devices')
    await hand.press(page.getByRole('button', { name: 'Order devices' }))
    await sign(page, hand, 'Order devices')
    await page
      .getByText('WithCustomer')
      .first()
      .waitFor({ timeout: 2 * shortly })
    await hand.press(page.getByText('Device 1', { exact: true }).locator('xpath=ancestor-or-self::*[self::a or self::button][1]'))
    await hand.press(page.getByRole('button', { name: 'Start loading' }))
    await page
      .getByRole('paragraph')
      .filter({ hasText: 'Everything planned for it is on it' })
      .waitFor({ timeout: 2 * shortly })
    await hand.fill(page.getByLabel(/Your name, for the ticks/), 'Ada Byron')
    for (const tick of ticks) {
      const box = page.getByRole('checkbox', { name: tick })
      await hand.press(box)
      await page.getByRole('checkbox', { name: tick, checked: true }).waitFor()
    }
    await hand.press(page.getByRole('button', { name: 'Ready to ship' }))
    await sign(page, hand, 'Hand over')
    await page
      .getByText('Complete', { exact: true })
      .first()
      .waitFor({ timeout: 2 * shortly })
    expect(await page.getByText(/Handed over by Ada Byron/).count()).toBe(1)
  }

  async function pushAndLand(hand: Hand): Promise<void> {
    const { page } = at
    await hand.goTo('Share')
    await hand.press(page.getByRole('button', { name: 'Start pushing' }))
    await page
      .getByText('100 % of the plan')
      .first()
      .waitFor({ timeout: 2 * shortly })
    await hand.press(page.getByRole('button', { name: 'See what landed' }))
    await page.getByText('All that was pushed has landed.').waitFor({ timeout: 2 * shortly })
  }

  async function verifyAll(hand: Hand): Promise<void> {
    const { page } = at
    await hand.goTo('Verification')
    await page.getByText('Nothing has been checked yet').first().waitFor()
    await hand.press(page.getByRole('button', { name: /^Verify/ }))
    await hand.press(page.getByRole('dialog').getByRole('button', { name: 'Start' }))
    await page
      .getByText('Everything that may travel is verified.')
      .first()
      .waitFor({ timeout: 2 * shortly })
    await hand.goTo('Overview')
    await page.getByText('all verified').first().waitFor()
  }

  async function openReport(hand: Hand): Promise<void> {
    const { page, context } = at
    await hand.goTo('Evidence')
    await hand.press(page.getByRole('button', { name: 'Make evidence' }).first())
    await hand.press(page.getByRole('dialog').getByRole('button').last())
    const open = page.getByRole('button', { name: /^Open( the)? report/ }).first()
    await open.waitFor({ timeout: 2 * shortly })
    const opened = context.waitForEvent('page')
    await hand.press(open)
    const report = await opened
    await report.waitForLoadState()
    expect(await report.getByText('verified').count()).toBeGreaterThan(0)
    expect(await report.evaluate(() => getComputedStyle(document.body).fontFamily)).not.toBe('')
    await report.close()
  }
})
