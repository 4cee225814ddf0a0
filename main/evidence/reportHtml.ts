/** report.html: the summary as one page for a person, an auditor among them. No scripts, no paths, no DICOM values. */
import type { EvidenceGroup, EvidenceSummary } from '../../shared/contract/report.ts'
import type { CustodyEntry } from '../../shared/domain/custody.ts'
import { formatCount, outcomes, outcomeWords } from '../../shared/domain/evidence.ts'
import { catalogue } from '../../shared/faults/catalogue.ts'
import { formatBytes } from '../../shared/units/bytes.ts'
import type { Html } from './html.ts'
import { html, pageOf, table, type Column } from './html.ts'
import { planSection } from './reportPlan.ts'
import { reportStyle } from './reportStyle.ts'
import { anomalyOf, label, laneName, modalityWord, rehearsalWords, share, standingHelp, standings, timeText } from './reportWords.ts'

/** @param custody entries of all devices, in order of time. Notes are left to custody.csv: people type them freely. */
export function reportHtml(summary: EvidenceSummary, custody: readonly CustodyEntry[]): string {
  const title = `Evidence: ${summary.migration.name}`
  const rehearsal = summary.migration.kind === 'rehearsal'
  return pageOf(title, rehearsal, reportStyle, {
    sub: html`<p class="sub">Made ${time(summary.madeAt)} · bundle <code>${summary.bundle}</code></p>
      ${rehearsal ? html`<p class="sub">${rehearsalWords}</p>` : html``}`,
    main: [
      standing(summary),
      notVerified(summary),
      groups(summary),
      methods(summary),
      anomalySection(summary),
      devices(summary, custody),
      buckets(summary),
      planSection(summary),
      faults(summary),
      log(summary),
      words(),
      files(summary),
    ],
    footer: html`<p>
      Firn says which checks passed; it makes no statement about compliance with any law or standard. Times are UTC. Sizes are decimal: 1 TB
      is 10<sup>12</sup> bytes.
    </p>`,
  })
}

function standing(summary: EvidenceSummary): Html {
  const { verification, studies } = summary
  const when =
    verification === null
      ? html`No verification was made.`
      : verification.finishedAt === null
        ? html`The last verification, begun ${time(verification.startedAt)}, did not finish; verdicts are those of the one before, if any.`
        : html`Verified ${time(verification.startedAt)} to ${time(verification.finishedAt)}.`
  return html`<section class="standing ${summary.tone}" aria-labelledby="standing">
    <h2 id="standing" class="verdict">${standings[summary.tone]}</h2>
    <p class="sentence">${unbroken(summary.sentence)}</p>
    <p>${standingHelp[summary.tone]}<br />${when}</p>
    <dl class="figures">
      <div>
        <dt>Items</dt>
        <dd>${formatCount(summary.items)}</dd>
      </div>
      <div>
        <dt>Size</dt>
        <dd>${formatBytes(summary.bytes)}</dd>
      </div>
      <div>
        <dt>Verified</dt>
        <dd>${share(summary.counts.verified, summary.items)}</dd>
      </div>
      <div>
        <dt>Studies wholly verified</dt>
        <dd>${formatCount(studies.whollyVerified)} of ${formatCount(studies.total)}</dd>
      </div>
      <div>
        <dt>Extra objects in S3</dt>
        <dd>${formatCount(summary.extras)}</dd>
      </div>
    </dl>
    ${passedOver(summary)}
  </section>`
}

/** What is in no figure of this page, because the scan did not look at it: said first, or nobody would miss it. */
function passedOver({ archives }: EvidenceSummary): Html {
  const total = archives.reduce((sum, one) => sum + one.passedOver.entries, 0)
  const changed = archives.some((one) => one.passedOver.patternsChangedSince)
  if (total === 0 && !changed) return html``
  const alone = archives.length === 1 ? archives[0] : undefined
  const each = archives.map((one) => html`<li>${one.name}: ${formatCount(one.passedOver.entries)}; ${patternsOf(one)}</li>`)
  const warning = html` <span class="warn"
    >Patterns were changed after the last scan, so the count may have gone by others: scan again.</span
  >`
  return html`<div class="passed-over">
    <p>
      <strong>${formatCount(total)} ${total === 1 ? 'entry' : 'entries'} passed over by the policy</strong
      >${alone === undefined ? '' : html`: ${patternsOf(alone)}`}; a folder passed over counts as one, whatever is in
      it.${changed ? warning : ''}
    </p>
    ${
      alone === undefined
        ? html`<ul>
            ${each}
          </ul>`
        : ''
    }
  </div>`
}

function patternsOf(archive: EvidenceSummary['archives'][number]): Html {
  const { patterns } = archive.passedOver
  if (patterns.length === 0) return html`no patterns`
  return html`patterns ${patterns.map((pattern, at) => html`${at === 0 ? '' : ', '}<code class="part">${pattern}</code>`)}`
}

/** A count stays on one line with what it counts. */
function unbroken(sentence: string): readonly Html[] {
  return sentence.split('; ').map((part, at) => html`${at === 0 ? '' : '; '}<span class="part">${part}</span>`)
}

/** Not verified, and nothing is wrong with what was sent. */
const mild: ReadonlySet<string> = new Set(['left-behind', 'present', 'consistent'])

function notVerified(summary: EvidenceSummary): Html {
  const rows = summary.notVerified.map((one) => [
    html`<span class="whole ${mild.has(one.outcome) ? 'warn' : 'bad'}">${label(one.outcome)}</span>`,
    html`<code>${one.reason}</code>${one.explanation === '' ? html`` : html`<br />${one.explanation}`}`,
    formatCount(one.items),
    html`${one.examples.map((name, at) => html`${at === 0 ? '' : ', '}<span class="whole">${name}</span>`)}${one.items > one.examples.length ? html` <span class="quiet">and ${formatCount(one.items - one.examples.length)} more in items.csv</span>` : html``}`,
  ])
  return html`<section aria-labelledby="not-verified">
    <h2 id="not-verified">What is not verified, and why</h2>
    ${table('Items by outcome and reason', [{ title: 'Outcome' }, { title: 'Reason' }, { title: 'Items', number: true }, { title: 'Which' }], rows, summary.items === 0 ? 'There are no items: nothing was checked.' : 'Nothing: every item is verified.')}
    ${summary.extras > 0 ? html`<p>${formatCount(summary.extras)} ${summary.extras === 1 ? 'object lies' : 'objects lie'} in S3 under a prefix of this migration and ${summary.extras === 1 ? 'is' : 'are'} not in its journal: see extras.csv.</p>` : html``}
  </section>`
}

function groups(summary: EvidenceSummary): Html {
  const archive = (one: EvidenceSummary['archives'][number]): Html =>
    html`${one.name}<br /><span class="quiet">s3://${one.bucket}/${one.prefix}</span>`
  return html`<section class="groups" aria-labelledby="by-group">
    <h2 id="by-group">Outcome by lane, archive and modality</h2>
    ${groupTable('By lane', 'Lane', summary.lanes, (one) => html`${laneName(one.name)}`)}
    ${groupTable('By archive', 'Archive', summary.archives, archive, { title: 'Passed over', of: (one) => one.passedOver.entries })}
    ${groupTable('By modality', 'Modality', summary.modalities, (one) => html`${modalityWord(one.name)}`)}
  </section>`
}

/** Only the outcomes that occur in the table get a column. */
function groupTable<Group extends EvidenceGroup>(
  caption: string,
  title: string,
  all: readonly Group[],
  name: (one: Group) => Html,
  also?: { readonly title: string; readonly of: (one: Group) => number },
): Html {
  const shown = outcomes.filter((one) => one === 'verified' || all.some((group) => group.counts[one] > 0))
  const columns: Column[] = [
    { title },
    { title: 'Items', number: true },
    { title: 'Size', number: true },
    ...shown.map((one): Column => ({ title: label(one), number: true })),
    ...(also === undefined ? [] : [{ title: also.title, number: true } as const]),
  ]
  const cell = (group: Group, one: (typeof outcomes)[number]): string => (group.counts[one] === 0 ? '0' : formatCount(group.counts[one]))
  const rows = all.map((group) => [
    name(group),
    formatCount(group.items),
    formatBytes(group.bytes),
    ...shown.map((one) => cell(group, one)),
    ...(also === undefined ? [] : [formatCount(also.of(group))]),
  ])
  return table(caption, columns, rows, `${caption}: nothing.`)
}

function methods(summary: EvidenceSummary): Html {
  const rows = summary.methods.map((one) => [
    one.method,
    one.algorithm ?? 'none',
    one.checksumType ?? '',
    label(one.outcome),
    one.strength,
    formatCount(one.items),
  ])
  const columns = [
    { title: 'Method' },
    { title: 'Digest' },
    { title: 'Type' },
    { title: 'Outcome' },
    { title: 'Protects' },
    { title: 'Items', number: true } as const,
  ]
  return html`<section aria-labelledby="methods">
    <h2 id="methods">How it was checked</h2>
    <p>
      A CRC finds corruption (integrity). SHA-256 also withstands a forger (collision resistance). items.csv holds the SHA-256 of every item
      that was read, whatever S3 was compared by.
    </p>
    ${table('Items by method and digest', columns, rows, 'Nothing was checked.')}
  </section>`
}

function anomalySection(summary: EvidenceSummary): Html {
  const rows = summary.anomalies.map((one) => {
    const kind = anomalyOf(one.code)
    return [html`${one.title}<br /><code>${one.code}</code>`, formatCount(one.items), kind?.firnDoes ?? '', kind?.youCan ?? '']
  })
  return html`<section aria-labelledby="anomalies">
    <h2 id="anomalies">Anomalies</h2>
    <p>What a person should know about an item. Firn lists anomalies and never heals them; anomalies.csv names the items.</p>
    ${table('Items by anomaly', [{ title: 'Anomaly' }, { title: 'Items', number: true }, { title: 'What Firn did' }, { title: 'What you can do' }], rows, 'None was found.')}
  </section>`
}

function devices(summary: EvidenceSummary, custody: readonly CustodyEntry[]): Html {
  if (summary.devices.length === 0) return html``
  const rows = summary.devices.map((one) => [
    html`<span class="whole">device-${one.device}</span>`,
    `${one.snowballType}, wave ${one.wave}`,
    one.jobId ?? 'not ordered',
    one.state,
    `${formatCount(one.sent.items)} of ${formatCount(one.planned.items)}`,
    `${formatBytes(one.sent.bytes)} of ${formatBytes(one.planned.bytes)}`,
  ])
  const steps = custody.map((one) => [
    html`<span class="whole">device-${one.deviceId}</span>`,
    time(new Date(one.at).toISOString()),
    one.step,
    one.person,
    one.place,
  ])
  return html`<section aria-labelledby="devices">
    <h2 id="devices">Devices and custody</h2>
    ${table('Devices', [{ title: 'Device' }, { title: 'Type' }, { title: 'Job' }, { title: 'State' }, { title: 'Items sent', number: true }, { title: 'Size sent', number: true }], rows, '')}
    ${table('Who had which device when (notes: custody.csv)', [{ title: 'Device' }, { title: 'Time' }, { title: 'Step' }, { title: 'Person' }, { title: 'Place' }], steps, 'No handover was recorded.')}
  </section>`
}

function buckets(summary: EvidenceSummary): Html {
  const rows = summary.buckets.map((one) => [
    html`${one.bucket}<br /><span class="quiet">by the profile ${one.profile}, ${time(one.at)}</span>`,
    `${formatCount(one.checks - one.open.length)} of ${formatCount(one.checks)}`,
    one.open.length === 0 ? 'nothing' : one.open.map(({ check, result }) => `${check} ${result}`).join(', '),
    one.drift.length === 0 ? 'nothing' : one.drift.map(({ check, from, to }) => `${check} was ${from}, is ${to}`).join(', '),
  ])
  return html`<section aria-labelledby="buckets">
    <h2 id="buckets">How the buckets were set up</h2>
    ${table('Buckets (every look: posture.json)', [{ title: 'Bucket' }, { title: 'Checks passed', number: true }, { title: 'Not passed' }, { title: 'Changed since the first look' }], rows, 'No bucket was looked at.')}
  </section>`
}

function faults(summary: EvidenceSummary): Html {
  const rows = summary.faultsDuringRun.map((one) => {
    const entry = Object.entries(catalogue).find(([code]) => code === one.code)?.[1]
    return [html`<code>${one.code}</code>`, formatCount(one.times), entry?.happened ?? '', entry?.safe ?? '']
  })
  return html`<section aria-labelledby="faults">
    <h2 id="faults">What went wrong on the way</h2>
    ${table('Faults by code', [{ title: 'Code' }, { title: 'Times', number: true }, { title: 'What happened' }, { title: 'Is the data safe' }], rows, 'No fault was recorded for this report.')}
  </section>`
}

function log(summary: EvidenceSummary): Html {
  const { chain } = summary
  return html`<section aria-labelledby="log">
    <h2 id="log">Event log, signature and fingerprint</h2>
    <p>
      ${
        chain.whole
          ? html`<span class="good">The chain of hashes holds</span>: each entry carries the hash of the one before it, up to
              <span class="whole">entry ${formatCount(chain.entries)}</span
              >${chain.head === null ? html`` : html` with hash <code>${chain.head}</code>`}.`
          : html`<span class="bad">The chain of hashes is broken</span> at entry ${formatCount(chain.brokenAt ?? 0)}: that entry is not what
              was written, or one before it is gone. The log proves nothing from there on.`
      }
    </p>
    ${
      chain.whole
        ? html`<p>
            Keep this number and hash elsewhere to notice a log that was cut or rebuilt later: the chain alone cannot show that entries are
            missing at its end, nor that somebody who may write the journal computed all hashes anew.
          </p>`
        : html``
    }
    <p>
      Signed by the key <code>${summary.signedBy ?? 'none'}</code> (SHA-256 of its public part). Compare it with what was noted when the
      migration was set up: a bundle that somebody replaced as a whole is signed by another key.
    </p>
    <p>
      Content fingerprint: <code>${summary.contentFingerprint}</code>. Two moves of the same archive that found, read and verified the same
      have the same one.
    </p>
  </section>`
}

function words(): Html {
  return html`<section aria-labelledby="words">
    <h2 id="words">What the words mean</h2>
    <dl class="words">
      ${Object.entries(outcomeWords).map(
        ([word, meaning]) =>
          html`<dt>${label(word)}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>
  </section>`
}

function files(summary: EvidenceSummary): Html {
  return html`<section aria-labelledby="files">
    <h2 id="files">Files of this bundle</h2>
    <ul>
      <li><code>report.pdf</code>: this page on paper</li>
      <li>
        <code>items.csv</code>: every item with its digests, lane, verdict and version; <code>items.parquet</code>: the same for a database
      </li>
      ${summary.includesPaths ? html`<li><code>items-with-paths.csv</code>: which path each item is. <strong>Paths may hold protected health information: keep it inside the hospital.</strong></li>` : html``}
      <li><code>studies.csv</code>, <code>series.csv</code>: each with the worst verdict of its items, by number and not by UID</li>
      <li>
        <code>anomalies.csv</code>, <code>extras.csv</code>, <code>custody.csv</code>; <code>custody.ndjson</code>: the custody with its
        hashes
      </li>
      <li><code>job-logs.csv</code>: digests of the logs of AWS's imports, which stay with the migration</li>
      <li><code>posture.json</code>: how the buckets were found set up, and when</li>
      <li><code>events.ndjson</code>: the event log with its hashes</li>
      <li><code>summary.json</code>: the figures of this page, for programs</li>
      <li>
        In the folder above, <code>manifest-sha256.txt</code> and <code>tagmanifest-sha256.txt</code>: digests of all files, and a signature
        over them
      </li>
      <li><code>HOW-TO-CHECK.txt</code>: how to check all of it by tools of any operating system</li>
      <li><code>verify-evidence.mjs</code>: a program of one file that does it at once</li>
    </ul>
  </section>`
}

/** "2026-11-24 12:00:00 UTC", with the exact time for programs. */
function time(iso: string): Html {
  return html`<time class="whole" datetime="${iso}">${timeText(iso)}</time>`
}
