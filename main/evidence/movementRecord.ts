/**
 * The record of a device's movements as a page to print and sign: "a record of the movements of hardware and electronic media and any person responsible
 * therefore" (45 CFR 164.310(d)(2)(iii)). No scripts, nothing loaded from elsewhere.
 */
import type { ChainedEntry, CustodyAttachment, CustodyChain } from '../../shared/domain/custody.ts'
import { corrections } from '../../shared/domain/custody.ts'
import { custodyNoteText, custodyPlace, custodyStepWords } from '../../shared/domain/custodyWords.ts'
import { html, pageOf, table, type Html } from './html.ts'
import { reportStyle } from './reportStyle.ts'
import { timeText } from './reportWords.ts'

export type Movements = {
  readonly device: number
  readonly snowballType: string
  readonly jobId: string | undefined
  readonly state: string
  readonly chain: CustodyChain
  readonly entries: readonly ChainedEntry[]
}

export type MovementRecord = {
  readonly migration: { readonly id: string; readonly name: string; readonly kind: 'rehearsal' | 'real' }
  /** Milliseconds since 1970. */
  readonly at: number
  readonly devices: readonly Movements[]
  /** By SHA-256: whether the copy that was kept still has it. */
  readonly attachments: ReadonlyMap<string, string>
}

export function movementRecord(record: MovementRecord): string {
  const title = `Movements of devices: ${record.migration.name}`
  return pageOf(title, record.migration.kind === 'rehearsal', reportStyle, {
    sub: html`<p class="sub">Migration <code>${record.migration.id}</code> · written ${timeText(new Date(record.at).toISOString())}</p>`,
    main: record.devices.map((one) => device(one, record.attachments)),
    footer: html`<p>
        Entries are only ever added. One that does not hold is named by a later correction, with its reason, and stays. Each entry holds the
        SHA-256 of the one before it. Times are UTC.
      </p>
      <p>Reviewed by (name, date, signature): ______________________________________________</p>`,
  })
}

function device(one: Movements, states: ReadonlyMap<string, string>): Html {
  const heading = `device-${one.device}`
  const corrected = corrections(one.entries)
  const rows = one.entries.map((entry) => {
    const by = corrected.get(entry.number)
    const step = html`${custodyStepWords.en[entry.step]}${entry.corrects === null ? '' : ` of entry ${entry.corrects}`}`
    return [
      String(entry.number),
      html`<span class="whole">${timeText(new Date(entry.at).toISOString())}</span>${
          Math.abs(entry.enteredAt - entry.at) > 60_000
            ? html`<br /><span class="quiet">entered ${timeText(new Date(entry.enteredAt).toISOString())}</span>`
            : html``
        }`,
      by === undefined ? step : html`<s>${step}</s><br /><span class="warn">does not hold: entry ${by.number}</span>`,
      entry.person,
      custodyPlace(entry, 'en'),
      way(entry),
      html`${custodyNoteText(entry, 'en')}${entry.attachments.map((attachment) => attached(attachment, states))}`,
      html`<code class="whole">${entry.hash.slice(0, 12)}</code>`,
    ]
  })
  const columns = ['No.', 'Time', 'What happened', 'Person', 'Place', 'From and to', 'Note and attachments', 'Hash'].map((name) => ({
    title: name,
  }))
  return html`<section aria-labelledby="${heading}">
    <h2 id="${heading}">${heading}</h2>
    <p>
      ${one.snowballType}, ${one.jobId === undefined ? 'not ordered' : html`job <code>${one.jobId}</code>`}, ${one.state}.
      ${
        one.chain.whole
          ? html`<span class="good">The chain of hashes holds</span>: ${one.chain.entries} entries, the last with hash
              <code>${one.chain.head}</code>.`
          : html`<span class="bad">The chain of hashes is broken</span> at entry ${one.chain.brokenAt ?? 0}: from there on this record
              proves nothing.`
      }
    </p>
    ${table(`Movements of ${heading}`, columns, rows, 'Nobody has had it yet.')}
  </section>`
}

function way({ from, to }: ChainedEntry): string {
  return [from === '' ? '' : `from ${from}`, to === '' ? '' : `to ${to}`].filter((part) => part !== '').join(' ')
}

function attached({ sha256, type, bytes }: CustodyAttachment, states: ReadonlyMap<string, string>): Html {
  const state = states.get(sha256) ?? 'missing'
  const standing = state === 'whole' ? html`<span class="good">kept, unchanged</span>` : html`<span class="bad">${state}</span>`
  return html`<div>${type}, ${bytes} bytes, SHA-256 <code>${sha256}</code>: ${standing}</div>`
}
