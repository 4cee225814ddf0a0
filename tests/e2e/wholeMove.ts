/** A whole move, step by step, as a person takes it through the screens. */
import type { BrowserContext, Page } from '@playwright/test'
import { fastest, shortly, type Hand } from './applicationKit.ts'

const ticks = [/file interface/, /powered off, and/, /E Ink/, /doors are/, /source stays/]

/** From the first screen to a scanned sample archive of a few hundred images. */
export async function rehearseSample(page: Page, hand: Hand, images: string): Promise<void> {
  const options = page.getByRole('button', { name: 'Options' })
  await hand.press(options)
  await hand.fill(page.getByLabel('Images in the sample'), images)
  await hand.fill(page.getByLabel('Speed of simulated time'), fastest)
  await hand.press(page.getByRole('button', { name: 'Rehearse with a sample archive' }))
  await page.getByText('REHEARSAL', { exact: true }).waitFor()
  await page.getByText('Make the sample archive').waitFor({ state: 'detached', timeout: 3 * shortly })
  await hand.press(page.getByRole('button', { name: /^Scan/ }).first())
  await page
    .getByRole('button', { name: /^To the plan/ })
    .first()
    .waitFor({ timeout: 3 * shortly })
}

/** Old studies by device, newer ones through the share, as a person decides it; approved with a name. */
export async function planAndApprove(page: Page, hand: Hand): Promise<void> {
  await hand.press(page.getByRole('button', { name: /^To the plan/ }).first())
  await hand.press(page.getByRole('button', { name: 'Begin to plan' }))
  const next = page.getByRole('button', { name: /^Next/ })
  await hand.press(next)
  await page.getByText('Routes side by side').first().waitFor()
  await hand.press(page.getByRole('radio', { name: /Old studies by device/ }))
  await page.getByLabel(/Studies dated before this day/).waitFor()
  for (const step of ['Devices and waves', 'When', 'Review']) {
    await hand.press(next)
    await page.getByRole('heading', { name: step }).first().waitFor()
  }
  await hand.press(page.getByRole('button', { name: 'Make the plan' }))
  await hand.press(page.getByRole('button', { name: 'Approve' }))
  await sign(page, hand, 'Approve')
  await page.getByText('Approved by').waitFor()
}

/** In a dialog that asks who does it. */
export async function sign(page: Page, hand: Hand, action: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await hand.fill(dialog.getByLabel(/Your name/), 'Ada Byron')
  await hand.press(dialog.getByRole('button', { name: action, exact: true }))
  await dialog.waitFor({ state: 'detached' })
}

export async function orderAndLoad(page: Page, hand: Hand): Promise<void> {
  await hand.goTo('Devices')
  await hand.press(page.getByRole('button', { name: 'Order devices' }))
  await sign(page, hand, 'Order devices')
  await page
    .getByText('WithCustomer')
    .first()
    .waitFor({ timeout: 3 * shortly })
  await hand.press(page.getByRole('button', { name: 'Device 1', exact: true }))
  await hand.press(page.getByRole('button', { name: 'Start loading' }))
  await page
    .getByRole('paragraph')
    .filter({ hasText: 'Everything planned for it is on it' })
    .waitFor({ timeout: 3 * shortly })
}

export async function shipAndImport(page: Page, hand: Hand): Promise<void> {
  await hand.press(page.getByRole('button', { name: 'Inspect the device', disabled: false }))
  await sign(page, hand, 'Inspect')
  await page.getByText(/read back as they were sent/).waitFor({ timeout: 3 * shortly })
  await hand.fill(page.getByLabel(/Your name, for the ticks/), 'Ada Byron')
  for (const tick of ticks) {
    await hand.press(page.getByRole('checkbox', { name: tick }))
    await page.getByRole('checkbox', { name: tick, checked: true }).waitFor()
  }
  await hand.press(page.getByRole('button', { name: 'Ready to ship' }))
  await sign(page, hand, 'Hand over')
  await page
    .getByText('Complete', { exact: true })
    .first()
    .waitFor({ timeout: 3 * shortly })
  await page.getByText(/Handed over by Ada Byron/).waitFor()
}

export async function pushAndLand(page: Page, hand: Hand): Promise<void> {
  await hand.goTo('Share')
  await hand.press(page.getByRole('button', { name: 'Start pushing' }))
  await page
    .getByText('100 % of the plan')
    .first()
    .waitFor({ timeout: 5 * shortly })
  await hand.press(page.getByRole('button', { name: 'See what landed' }))
  await page.getByText('All that was pushed has landed.').waitFor({ timeout: 3 * shortly })
}

export async function verifyAll(page: Page, hand: Hand): Promise<void> {
  await hand.goTo('Verification')
  await page.getByText('Nothing has been checked yet').first().waitFor()
  await hand.press(page.getByRole('button', { name: /^Verify/ }))
  await hand.press(page.getByRole('dialog').getByRole('button', { name: 'Start' }))
  await page.getByRole('button', { name: 'Verify again', disabled: false }).waitFor({ timeout: 3 * shortly })
}

export async function makeEvidence(page: Page, hand: Hand): Promise<void> {
  await hand.goTo('Evidence')
  await hand.press(page.getByRole('button', { name: 'Make evidence' }).first())
  await hand.press(page.getByRole('dialog').getByRole('button').last())
  await openButton(page).waitFor({ timeout: 3 * shortly })
}

/** The report, in a window of its own. */
export async function openReport(page: Page, context: BrowserContext, hand: Hand): Promise<Page> {
  const opened = context.waitForEvent('page')
  await hand.press(openButton(page))
  const report = await opened
  await report.waitForLoadState()
  return report
}

function openButton(page: Page) {
  return page.getByRole('button', { name: /^Open (the )?report/ }).first()
}
