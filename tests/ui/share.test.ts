/** The Share screen: what lies in the cache, what has landed, and what holds it up. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../shared/contract/bridge.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aHost, aSnapshot, aWork, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

const minute = 60_000

function aShare(changes: Partial<Answer<'share.state'>> = {}): Answer<'share.state'> {
  return {
    share: {
      shareArn: 'arn:aws:storagegateway:eu-central-1:111122223333:share/share-0A1B2C3D',
      gatewayArn: 'arn:aws:storagegateway:eu-central-1:111122223333:gateway/sgw-12A3456B',
      protocol: 'NFS',
      status: 'AVAILABLE',
      location: 'arn:aws:s3:::radiology-archive',
    },
    fault: null,
    cache: { allocatedBytes: 2e12, usedPercent: 94, dirtyPercent: 82 },
    guard: { state: 'holding-back', dirtyPercent: 82, drainBytesPerSecond: 95e6, resumesInMs: { low: 5 * minute, high: 8 * minute } },
    filesFailingUpload: 3,
    planned: { items: 91_000_000, bytes: 46e12 },
    pushed: { items: 8_140_000, bytes: 4.1e12 },
    landed: { items: 4_900_000, bytes: 2.46e12 },
    verified: { items: 2_200_000, bytes: 1.1e12 },
    gap: { bytes: 1.64e12, ms: { low: 220 * minute, high: 374 * minute } },
    flags: ['files-failing-upload', 'cache-filling'],
    at: Date.now() - 2000,
    ...changes,
  }
}

/** One gateway with two shares, of which one is mounted here and badly set; and a tape gateway beside it. */
function aSurvey(changes: Partial<Answer<'gateways.survey'>> = {}): Answer<'gateways.survey'> {
  const arn = 'arn:aws:storagegateway:eu-central-1:111122223333:'
  const gateway = {
    gatewayArn: `${arn}gateway/sgw-12A3456B`,
    gatewayId: 'sgw-12A3456B',
    name: 'imaging-basement',
    type: 'FILE_S3',
    operationalState: 'ACTIVE',
    state: 'RUNNING',
    capacity: 'Medium',
    version: '1.26.3',
    supportEnds: null,
    healthLog: true,
    smbSecurity: 'MandatoryEncryption',
    addresses: ['10.1.2.3'],
    cache: { allocatedBytes: 2e12, usedPercent: 94, dirtyPercent: 82 },
    shares: [],
    unasked: [],
  }
  const share = {
    shareArn: `${arn}share/share-0A1B2C3D`,
    shareId: 'share-0A1B2C3D',
    protocol: 'NFS' as const,
    status: 'AVAILABLE',
    bucket: 'radiology-archive',
    prefix: 'pacs/',
    locationArn: 'arn:aws:s3:::radiology-archive/pacs/',
    path: '/radiology',
    storageClass: 'S3_STANDARD',
    encryption: 'SseKms',
    objectAcl: 'private',
    readOnly: false,
    auditLog: false,
    clients: ['0.0.0.0/0'],
    squash: 'RootSquash',
    authentication: null,
    caseSensitivity: null,
  }
  const other = { ...share, shareArn: `${arn}share/share-9F8E7D6C`, shareId: 'share-9F8E7D6C', prefix: 'mammo/' }
  const tapes = { ...gateway, gatewayArn: `${arn}gateway/sgw-99999999`, gatewayId: 'sgw-99999999', name: 'tapes', type: 'VTL', cache: null }
  return {
    gateways: [{ ...gateway, shares: [share, other] }, tapes],
    findings: [
      { code: 'clients-anyone', weight: 'grave', of: share.shareArn, facts: { clients: '0.0.0.0/0' } },
      { code: 'lifecycle-archives', weight: 'grave', of: share.shareArn, facts: { rule: 'cold', storageClass: 'DEEP_ARCHIVE', days: 90 } },
      { code: 'no-audit-log', weight: 'warning', of: share.shareArn, facts: {} },
      { code: 'not-verifiable', weight: 'note', of: tapes.gatewayArn, facts: { type: 'VTL' } },
    ],
    mounts: [{ shareArn: share.shareArn, folder: '/mnt/pacs', readOnly: false, soft: false }],
    mountsUnknown: false,
    at: Date.now() - 4000,
    ...changes,
  }
}

describe.skipIf(noChromium)('the Share screen', () => {
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

  const share = (answers: Canned = {}, look: Look = {}, migration: Parameters<typeof aSnapshot>[0] = {}): Promise<Page> =>
    impatient(
      openStandIn(
        browser,
        screens.url,
        {
          host: aHost(),
          snapshot: aSnapshot(migration),
          answers: { 'share.state': aShare(), 'gateways.survey': aSurvey(), ...answers },
          screen: 'share',
        },
        look,
      ),
    )

  it.each(looks)('has no serious accessibility finding: $name', async (look) => {
    const page = await share({}, look)
    const heard = complaints(page)
    await page.getByRole('meter').waitFor()
    await shot(page, `share-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('says in words what the guard does', async () => {
    const page = await share()
    await page.getByText(/^Holding back: cache 82\s% dirty, draining 95\sMB\/s, resumes in about 5 to 8\smin\.$/).waitFor()
    await page.context().close()
  })

  it('tells the gauge to those who cannot see it', async () => {
    const page = await share()
    const gauge = page.getByRole('meter', { name: 'Part of the cache that waits for upload' })
    await gauge.waitFor()
    expect(await gauge.getAttribute('aria-valuenow')).toBe('82')
    expect(await gauge.getAttribute('aria-valuetext')).toMatch(/^82\s% of 2\sTB wait for upload/)
    await page.context().close()
  })

  it('keeps pushed and landed apart, and names the gap in bytes and time', async () => {
    const page = await share()
    await page.getByText(/^1\.6\sTB to land$/).waitFor()
    await page.getByText(/^about 3\.7 to 6\.2\sh$/).waitFor()
    await page.context().close()
  })

  it('says “nobody has looked yet” where nobody has looked', async () => {
    const page = await share({ 'share.state': aShare({ landed: null, gap: null }) })
    await page.getByText('nobody has looked yet').waitFor()
    await page.getByText('not known until somebody looks at S3').waitFor()
    await page.context().close()
  })

  it('lists red flags with what to do', async () => {
    const page = await share()
    await page.getByText('The gateway reports files that it cannot upload to S3.').waitFor()
    await page.getByText(/do not reset it\.$/).waitFor()
    await page.context().close()
  })

  it('tells the gateways of the account with what is wrong with each, the gravest named as such', async () => {
    const page = await share()
    await page.getByText('2 grave, 1 to decide').waitFor()
    await page.getByText('Every address may mount the share (0.0.0.0/0).').waitFor()
    await page.getByText(/DEEP_ARCHIVE after 90 days \(rule “cold”\)/).waitFor()
    const tapes = page.getByRole('region', { name: 'sgw-99999999' })
    await tapes.getByText(/^To know:/).waitFor()
    await page.getByText('not mounted on this machine').waitFor()
    await tapes.scrollIntoViewIfNeeded()
    await shot(page, 'share-gateways')
    await page.getByRole('button', { name: 'Ask AWS again' }).click()
    await lastAsked(page, 'gateways.survey', 2)
    await page.context().close()
  })

  it('proves a mount, and says what came of it', async () => {
    const page = await share({ 'gateways.probe': { landedMs: 8200, removed: false, skewMs: 0 } })
    await page.getByRole('button', { name: 'Prove the mount' }).click()
    expect(await lastAsked(page, 'gateways.probe')).toEqual({ shareArn: aSurvey().mounts[0]?.shareArn })
    await page.getByText(/^Proven: what is written there is in the bucket after 8\.2\ss\. The probe is not yet gone/).waitFor()
    await page.context().close()
  })

  it('says that nothing is wrong, and that there is no gateway', async () => {
    const good = await share({ 'gateways.survey': aSurvey({ findings: [] }) })
    await good.getByText('Nothing is wrong with them.').waitFor()
    await good.context().close()
    const none = await share({ 'gateways.survey': aSurvey({ gateways: [], findings: [], mounts: [] }) })
    await none.getByText('The account has no gateway in this Region.').waitFor()
    await none.context().close()
  })

  it('starts pushing, looks for what landed, and pauses the push', async () => {
    const idle = await share({ 'works.start': { workId: 'push-1' } }, {}, { works: [] })
    await idle.getByRole('button', { name: 'Start pushing' }).click()
    expect(await lastAsked(idle, 'works.start')).toEqual({ kind: 'push' })
    await idle.getByRole('button', { name: 'See what landed' }).click()
    expect(await lastAsked(idle, 'works.start', 2)).toEqual({ kind: 'land' })
    await idle.context().close()
    const running = await share({ 'works.pause': {} })
    await running.getByRole('button', { name: 'Pause: Push to the share' }).click()
    expect(await lastAsked(running, 'works.pause')).toEqual({ workId: 'work-1' })
    await running.context().close()
  })

  it('says when nothing moves although nothing is waited for', async () => {
    const page = await share({}, {}, { works: [aWork({ stalledSince: Date.now() - 12 * minute, bytesPerSecond: 0, left: null })] })
    await page.getByText(/^Nothing has moved for 12\smin$/).waitFor()
    await shot(page, 'share-stalled')
    await page.context().close()
  })

  it('says why no share was found and looks again', async () => {
    const page = await share({
      'share.state': aShare({ share: null, cache: null, fault: 'share-not-found', flags: [], landed: null, gap: null }),
    })
    await page.getByRole('heading', { name: 'No file share was found' }).waitFor()
    await page.getByText('It is not clear which file share of the gateway is meant.').waitFor()
    await shot(page, 'share-none')
    await page.getByRole('button', { name: 'Look again' }).click()
    await lastAsked(page, 'share.state', 2)
    await page.context().close()
  })

  it('says so when the plan sends nothing this way', async () => {
    const page = await share({
      'share.state': aShare({
        share: null,
        cache: null,
        fault: 'share-not-found',
        planned: { items: 0, bytes: 0 },
        flags: [],
        landed: null,
        gap: null,
      }),
    })
    await page.getByRole('heading', { name: 'The plan sends nothing through the share' }).waitFor()
    await page.context().close()
  })

  it('is wholly German where German is wanted', async () => {
    const page = await share({}, { language: 'de' })
    await page.getByRole('meter').waitFor()
    await shot(page, 'share-german')
    expect(await englishLeftovers(page)).toEqual([])
    await page.context().close()
  })
})
