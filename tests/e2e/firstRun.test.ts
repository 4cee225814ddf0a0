/** From the first screen to the opened report, as a person does it who has read nothing: once with the mouse, once with the keyboard alone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noChromium } from '../kit/chromium.ts'
import { keyboard, mouse, openApplication, shortly, type Application, type Hand } from './applicationKit.ts'
import {
  makeEvidence,
  openReport,
  orderAndLoad,
  planAndApprove,
  pushAndLand,
  rehearseSample,
  shipAndImport,
  verifyAll,
} from './wholeMove.ts'

describe.skipIf(noChromium)('a rehearsal in the application', () => {
  let at: Application
  beforeEach(async () => {
    at = await openApplication()
  })
  afterEach(async () => {
    await at.close()
  })

  test('by mouse: plan approved, device loaded, shipped and imported, share pushed, all verified, report opened', () =>
    walk(mouse(at.page)))
  test('by keyboard alone: the same', () => walk(keyboard(at.page)))

  async function walk(hand: Hand): Promise<void> {
    const { page, context } = at
    await rehearseSample(page, hand, '60')
    await planAndApprove(page, hand)
    await orderAndLoad(page, hand)
    await shipAndImport(page, hand)
    await pushAndLand(page, hand)
    await verifyAll(page, hand)
    await hand.goTo('Overview')
    await page.getByText('all verified').first().waitFor()
    await makeEvidence(page, hand)
    const report = await openReport(page, context, hand)
    expect(await report.getByText(/items verified/).count()).toBeGreaterThan(0)
    expect(at.complaints).toEqual([])
  }

  test('when the engine is killed in the middle, the screen says so, it is started again, and the work goes on to the end', async () => {
    const { page } = at
    const hand = mouse(page)
    await rehearseSample(page, hand, '200')
    await hand.press(page.getByRole('button', { name: 'Do everything' }))
    await hand.goTo('Transfers')
    await page
      .getByText(/writing to the share|^loading/)
      .first()
      .waitFor()
    const killed = at.enginePid()
    if (killed === undefined) throw new Error('the console has no engine')
    process.kill(killed, 'SIGKILL')
    await page
      .getByText(/engine ended/i)
      .first()
      .waitFor()
    await hand.goTo('Overview')
    await page
      .getByText('all verified')
      .first()
      .waitFor({ timeout: 5 * shortly })
    expect(at.enginePid()).not.toBe(killed)
  })
})
