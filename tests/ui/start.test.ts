/** The Start screen: two doors, and the migrations that this machine knows. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../shared/contract/bridge.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, complaints, englishLeftOvers, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the Start screen', () => {
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
  const list: Answer<'migrations.list'> = {
    migrations: [
      { id: 'a', name: 'Radiologie 2009-2019', kind: 'real', openedAt: 1_764_000_000_000, state: 'closed', label: '/srv/firn/radiologie' },
      { id: 'b', name: 'Probelauf', kind: 'rehearsal', openedAt: null, state: 'held', label: '/srv/firn/probe' },
      { id: 'c', name: 'Alt', kind: 'rehearsal', openedAt: 1_763_000_000_000, state: 'gone', label: '/mnt/alt' },
    ],
    profiles: ['hospital', 'hospital-sso'],
  }
  const archiveToken = `path-${'a'.repeat(32)}`
  const entry = { id: 'x', name: 'X', kind: 'real', openedAt: 1, state: 'open', label: '/x' } as const
  const open = (standIn: Partial<StandIn> = {}, look: Look = {}): Promise<Page> =>
    openStandIn(
      browser,
      screens.url,
      { host: aHost(), snapshot: aSnapshot(null), screen: 'start', ...standIn, answers: { 'migrations.list': list, ...standIn.answers } },
      look,
    )

  it.each(looks)('has no serious accessibility finding and breaks no content security policy: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await page.getByRole('heading', { name: 'Migrations on this machine' }).waitFor()
    await shot(page, `start-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Set up a migration' }).click()
    await page.getByRole('button', { name: 'Create migration' }).waitFor()
    await shot(page, `start-connect-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('begins a rehearsal in one click and goes to its overview', async () => {
    const page = await open({ answers: { 'migrations.rehearse': { ...entry, kind: 'rehearsal' } } })
    await page.getByRole('button', { name: 'Rehearse with a sample archive' }).click()
    await page.waitForURL(/#overview/)
    expect(await askedFor(page, 'migrations.rehearse')).toEqual([
      { archive: null, instances: 2000, seed: 1, faults: 'none', speed: 20_000 },
    ])
    await page.context().close()
  })

  it('sets up a migration from the keyboard, after testing what of AWS answers', async () => {
    const page = await open({
      answers: {
        'aws.test': {
          steps: [
            { step: 'credentials', state: 'good', message: 'access key ending in AB12', todo: null, durationMs: 12 },
            {
              step: 'versions',
              state: 'bad',
              message: 'the bucket keeps no versions, so nothing in it can be verified',
              todo: 'Switch on versioning of the bucket before anything is sent.',
              durationMs: 80,
            },
          ],
        },
        'host.choose': { token: archiveToken, label: '/mnt/pacs' },
        'migrations.create': entry,
      },
    })
    await page.getByRole('button', { name: 'Set up a migration' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Create migration' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('A name is needed.').waitFor()
    await page.getByText('At least one folder is needed.').waitFor()
    expect(await askedFor(page, 'migrations.create')).toEqual([])
    await page.getByLabel('Name of the migration').pressSequentially('Radiology')
    await page.getByLabel('Region', { exact: true }).fill('eu-central-1')
    await page.getByLabel('Bucket', { exact: true }).fill('hospital-imaging')
    await page.getByLabel('Bucket', { exact: true }).press('Tab')
    await page.getByRole('button', { name: 'Test the connection' }).press('Enter')
    await page.getByText('the bucket keeps no versions, so nothing in it can be verified').waitFor()
    await page.getByText('Switch on versioning of the bucket before anything is sent.').waitFor()
    expect(await askedFor(page, 'aws.test')).toEqual([{ region: 'eu-central-1', access: { kind: 'default' }, bucket: 'hospital-imaging' }])
    await page.getByRole('button', { name: 'Add a folder' }).press('Enter')
    await page.getByText('/mnt/pacs').waitFor()
    await page.getByRole('button', { name: 'Create migration' }).press('Enter')
    await page.waitForURL(/#overview/)
    expect(await askedFor(page, 'migrations.create')).toEqual([
      {
        name: 'Radiology',
        folder: null,
        region: 'eu-central-1',
        access: { kind: 'default' },
        bucket: 'hospital-imaging',
        archives: [{ folder: archiveToken, prefix: '' }],
        share: null,
      },
    ])
    await page.context().close()
  })

  it('hands keys to the secret store and to nobody else', async () => {
    const page = await open({ answers: { 'host.keptKeys': { names: [] }, 'host.keepKeys': { name: 'mover' } } })
    await page.getByRole('button', { name: 'Set up a migration' }).click()
    await page.getByLabel('Access keys, kept by the system').click()
    await page.getByLabel('Name for these keys').fill('mover')
    await page.getByLabel('Access key ID').fill('AKIAEXAMPLEEXAMPLE12')
    await page.getByLabel('Secret access key').fill('invented')
    await page.getByRole('button', { name: 'Keep keys' }).click()
    expect(await askedFor(page, 'host.keepKeys')).toEqual([
      { name: 'mover', accessKeyId: 'AKIAEXAMPLEEXAMPLE12', secretAccessKey: 'invented', sessionToken: null },
    ])
    await page.context().close()
  })

  it('opens and forgets migrations, and offers neither for one that another Firn holds', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Open: Radiologie 2009-2019' }).click()
    expect(await askedFor(page, 'migrations.open')).toEqual([{ id: 'a' }])
    expect(await page.getByRole('button', { name: 'Open: Probelauf' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Forget: Alt' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click()
    expect(await askedFor(page, 'migrations.forget')).toEqual([{ id: 'c' }])
    await page.context().close()
  })

  it('walks the folders of the host where there is no system dialog', async () => {
    const inside = `path-${'b'.repeat(32)}`
    const page = await open({
      host: aHost({ host: 'console', folderDialog: 'browse', secretStore: false }),
      answers: {
        'host.browse': {
          here: { token: archiveToken, label: '/srv' },
          parent: null,
          entries: [{ token: inside, name: 'pacs', kind: 'folder' }],
          more: false,
        },
      },
    })
    await page.getByRole('button', { name: 'Open a migration folder' }).click()
    await page.getByRole('button', { name: 'pacs' }).click()
    expect(await askedFor(page, 'host.browse')).toContainEqual({ in: inside, files: false })
    await shot(page, 'start-browse')
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    expect(await askedFor(page, 'migrations.openFolder')).toEqual([{ folder: archiveToken }])
    await page.context().close()
  })

  it('says in three sentences why something failed, with a code to copy, and while it loads that it loads', async () => {
    const page = await open({ answers: { 'migrations.list': { fault: 'home-not-writable' } } })
    await page.getByText("Firn's own folder on this machine cannot be written.").waitFor()
    await page.getByText('home-not-writable').waitFor()
    await page.getByRole('button', { name: 'Copy code' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await shot(page, 'start-error')
    await page.context().close()
    const loading = await open({ answers: { 'migrations.list': 'loading' } })
    await loading.getByText('Loading').waitFor()
    await loading.context().close()
  })

  it('speaks German without English left over', async () => {
    const page = await open({}, { language: 'de' })
    await page.getByRole('heading', { name: 'Migrationen auf diesem Rechner' }).waitFor()
    await page.getByRole('button', { name: 'Optionen' }).click()
    expect(await englishLeftOvers(page)).toEqual([])
    await page.getByRole('button', { name: 'Eine Migration einrichten' }).click()
    await page.getByRole('button', { name: 'Migration anlegen' }).click()
    await page.getByText('Ein Name wird gebraucht.').waitFor()
    await shot(page, 'start-connect-german')
    expect(await englishLeftOvers(page, ['aws sso login', '„default“'])).toEqual([])
    await page.context().close()
  })
})
