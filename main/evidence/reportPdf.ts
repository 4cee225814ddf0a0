/** report.pdf: the summary on paper. The first page is for a manager; the rest is what report.html says. No paths, no DICOM values. */
import type { EvidenceGroup, EvidenceSummary } from '../../shared/contract/report.ts'
import type { CustodyEntry } from '../../shared/domain/custody.ts'
import { formatCount, outcomes, outcomeWords, type Outcome, type Tone } from '../../shared/domain/evidence.ts'
import { formatBytes } from '../../shared/units/bytes.ts'
import { pdfPages, textWidth, type PdfCell, type PdfColumn, type PdfPages } from './pdfPages.ts'
import {
  anomalyOf,
  label,
  laneName,
  modalityWord,
  noComplianceWords,
  rehearsalWords,
  share,
  standingHelp,
  standings,
  timeText,
  whenVerified,
} from './reportWords.ts'

/** White on them has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const toneColors: Readonly<Record<Tone, string>> = { green: '#1d6b3a', amber: '#8a5200', red: '#a3171e' }
/** Beside each other they differ in lightness too, for who does not see colours. */
const outcomeColors: Readonly<Record<Outcome, string>> = {
  verified: '#1d6b3a',
  consistent: '#6ba583',
  present: '#b9d3c3',
  'left-behind': '#c98b2b',
  'not-checked': '#9aa5b1',
  unknown: '#5f6b7a',
  missing: '#6d1016',
  mismatch: '#c8323a',
}

/** Of the column that names a group, in points. */
const narrowestName = 110
/** On the first page; the others are on those that follow. */
const mostReasons = 6

/** @param custody entries of all devices, in order of time. Notes are left to custody.csv: people type them freely. */
export async function reportPdf(summary: EvidenceSummary, custody: readonly CustodyEntry[]): Promise<Buffer> {
  const title = `Evidence: ${summary.migration.name}`
  // Of the name nothing: the library puts these into XML as they are.
  const pages = pdfPages({ title: `Evidence ${summary.bundle}`, subject: summary.sentence, madeAt: new Date(summary.madeAt) })
  firstPage(pages, summary, title)
  pages.newPage()
  if (summary.notVerified.length > mostReasons) reasons(pages, summary, summary.notVerified, 'All that is not verified, and why')
  groups(pages, summary)
  checks(pages, summary)
  devices(pages, summary, custody)
  pages.heading(2, 'What the words mean')
  for (const [word, meaning] of Object.entries(outcomeWords)) pages.paragraph(`${label(word)}: ${meaning}`)
  pages.paragraph(noComplianceWords, { quiet: true })
  return pages.finish(`Firn · bundle ${summary.bundle} · key ${(summary.signedBy ?? 'none').slice(0, 16)}…`)
}

function firstPage(pages: PdfPages, summary: EvidenceSummary, title: string): void {
  const { studies, archives } = summary
  pages.heading(1, title)
  pages.paragraph(`Made ${timeText(summary.madeAt)} · bundle ${summary.bundle}`, { quiet: true })
  if (summary.migration.kind === 'rehearsal') pages.paragraph(rehearsalWords)
  pages.banner(standings[summary.tone], toneColors[summary.tone])
  pages.paragraph(summary.sentence, { size: 12 })
  pages.paragraph(`${standingHelp[summary.tone]} ${whenVerified(summary)}`)
  pages.figures([
    ['Items', formatCount(summary.items)],
    ['Size', formatBytes(summary.bytes)],
    ['Verified', share(summary.counts.verified, summary.items)],
    ['Studies wholly verified', `${formatCount(studies.whollyVerified)} of ${formatCount(studies.total)}`],
    ['Extra objects in S3', formatCount(summary.extras)],
  ])
  const passedOver = archives.reduce((sum, one) => sum + one.passedOver.entries, 0)
  if (passedOver > 0)
    pages.paragraph(
      `${formatCount(passedOver)} entries were passed over by the policy and are in no figure: report.html names its patterns.`,
    )
  pages.bar('Items by outcome', partsOf(summary.counts), formatCount)
  const lanes = summary.lanes.filter(({ name, items }) => items > 0 && name !== 'none')
  if (lanes.length > 1) for (const lane of lanes) pages.bar(`By lane: ${laneName(lane.name)}`, partsOf(lane.counts), formatCount)
  reasons(pages, summary, summary.notVerified.slice(0, mostReasons), 'What is not verified, and why')
  if (summary.notVerified.length > mostReasons)
    pages.paragraph(`And ${summary.notVerified.length - mostReasons} more, on the next page.`, { quiet: true })
  pages.heading(2, 'How to check this report')
  pages.paragraph(
    'It is part of a signed bundle. HOW-TO-CHECK.txt in the bundle says how to check it with standard tools. Compare the key with what was noted when the migration was set up.',
  )
  pages.paragraph(`Signing key (SHA-256):\n${summary.signedBy ?? 'none'}`, { code: true })
  pages.paragraph(`Content fingerprint:\n${summary.contentFingerprint}`, { code: true })
}

function partsOf(counts: EvidenceSummary['counts']): { label: string; amount: number; color: string }[] {
  return outcomes.map((one) => ({ label: label(one), amount: counts[one], color: outcomeColors[one] }))
}

function reasons(pages: PdfPages, summary: EvidenceSummary, all: EvidenceSummary['notVerified'], title: string): void {
  const columns: PdfColumn[] = [
    { title: 'Outcome', width: 70 },
    { title: 'Reason', width: '*' },
    { title: 'Items', width: 60, number: true },
  ]
  const rows = all.map((one): PdfCell[] => [
    { text: label(one.outcome), bold: true },
    one.explanation === '' ? one.reason : `${one.reason}: ${one.explanation}`,
    formatCount(one.items),
  ])
  pages.table(title, columns, rows, summary.items === 0 ? 'There are no items: nothing was checked.' : 'Nothing: every item is verified.')
}

function groups(pages: PdfPages, summary: EvidenceSummary): void {
  pages.heading(2, 'Outcome by lane, archive and modality')
  groupTable(pages, 'Lane', summary.lanes, ({ name }) => laneName(name))
  groupTable(pages, 'Archive', summary.archives, ({ name, bucket, prefix }) => `${name}: s3://${bucket}/${prefix}`)
  groupTable(pages, 'Modality', summary.modalities, ({ name }) => modalityWord(name))
}

/** Only the outcomes that occur in the table get a column. */
function groupTable<Group extends EvidenceGroup>(pages: PdfPages, kind: string, all: readonly Group[], name: (one: Group) => string): void {
  const shown = outcomes.filter((one) => one === 'verified' || all.some((group) => group.counts[one] > 0))
  const width = Math.min(60, (textWidth - narrowestName) / (shown.length + 2))
  const columns: PdfColumn[] = [
    { title: kind, width: '*' },
    { title: 'Items', width, number: true },
    { title: 'Size', width, number: true },
    ...shown.map((one): PdfColumn => ({ title: label(one), width, number: true })),
  ]
  const rows = all.map((group) => [
    name(group),
    formatCount(group.items),
    formatBytes(group.bytes),
    ...shown.map((one) => formatCount(group.counts[one])),
  ])
  pages.table(`By ${kind.toLowerCase()}`, columns, rows, 'Nothing.')
}

function checks(pages: PdfPages, summary: EvidenceSummary): void {
  pages.heading(2, 'How it was checked')
  pages.table(
    'Items by method and digest',
    [
      { title: 'Method', width: '*' },
      { title: 'Digest', width: 75 },
      { title: 'Type', width: 80 },
      { title: 'Outcome', width: 65 },
      { title: 'Protects', width: 110 },
      { title: 'Items', width: 55, number: true },
    ],
    summary.methods.map((one) => [
      one.method,
      one.algorithm ?? 'none',
      one.checksumType ?? '',
      label(one.outcome),
      one.strength,
      formatCount(one.items),
    ]),
    'Nothing was checked.',
  )
  pages.table(
    'Anomalies: what a person should know about an item',
    [
      { title: 'Anomaly', width: 150 },
      { title: 'Items', width: 55, number: true },
      { title: 'What you can do', width: '*' },
    ],
    summary.anomalies.map((one) => [one.title, formatCount(one.items), anomalyOf(one.code)?.youCan ?? '']),
    'None was found.',
  )
  const { chain, plan } = summary
  pages.heading(2, 'Event log and plan')
  pages.paragraph(
    chain.whole
      ? `The chain of hashes holds: each entry carries the hash of the one before it, up to entry ${formatCount(chain.entries)}.`
      : `The chain of hashes is broken at entry ${formatCount(chain.brokenAt ?? 0)}: the log proves nothing from there on.`,
  )
  if (chain.head !== null) pages.paragraph(`Hash of the last entry:\n${chain.head}`, { code: true })
  pages.paragraph(
    plan === null
      ? 'No plan was made.'
      : `Plan ${plan.id}, ${plan.approvedBy === null ? 'not approved' : `approved by ${plan.approvedBy}`}. ${plan.estimate?.why ?? ''}`,
  )
  pages.table(
    'Dated notices, as they stood when this bundle was made',
    [
      { title: 'Date', width: 60 },
      { title: 'Lane', width: 60 },
      { title: 'Notice', width: '*' },
    ],
    summary.notices.map((one) => [one.effective, laneName(one.route), `${one.text} (${one.inForce ? 'in force' : 'announced'})`]),
    'No notice concerns these lanes.',
  )
}

function devices(pages: PdfPages, summary: EvidenceSummary, custody: readonly CustodyEntry[]): void {
  if (summary.devices.length === 0) return
  pages.heading(2, 'Devices and custody')
  pages.table(
    'Devices',
    [
      { title: 'Device', width: 60 },
      { title: 'Job', width: '*' },
      { title: 'State', width: 80 },
      { title: 'Items sent', width: 90, number: true },
      { title: 'Size sent', width: 100, number: true },
    ],
    summary.devices.map((one) => [
      `device-${one.device}`,
      one.jobId ?? 'not ordered',
      one.state,
      `${formatCount(one.sent.items)} of ${formatCount(one.planned.items)}`,
      `${formatBytes(one.sent.bytes)} of ${formatBytes(one.planned.bytes)}`,
    ]),
    '',
  )
  pages.table(
    'Who had which device when (notes: custody.csv)',
    [
      { title: 'Device', width: 60 },
      { title: 'Time', width: 115 },
      { title: 'Step', width: 80 },
      { title: 'Person', width: 100 },
      { title: 'Place', width: '*' },
    ],
    custody.map((one) => [`device-${one.deviceId}`, timeText(new Date(one.at).toISOString()), label(one.step), one.person, one.place]),
    'No handover was recorded.',
  )
}
