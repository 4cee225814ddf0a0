/** The part of the report that tells the plan: what was estimated, under which dated notices and assumptions. */
import type { EvidenceSummary } from '../../shared/contract/report.ts'
import type { Assumption } from '../../shared/domain/plan.ts'
import { laneNames, type Route } from '../../shared/domain/route.ts'
import { formatBytes } from '../../shared/units/bytes.ts'
import { day, formatDurationRange } from '../../shared/units/duration.ts'
import { html, table, type Html } from './html.ts'

export function planSection(summary: EvidenceSummary): Html {
  const { plan } = summary
  const estimate = plan?.estimate ?? null
  const routes = (estimate?.routes ?? []).map((one) => [
    html`${laneNames[one.route]}${estimate?.recommended === one.route ? html` <span class="tag">recommended</span>` : html``}`,
    one.takes.items === 0 ? 'none' : formatDurationRange({ low: one.days.low * day, high: one.days.high * day }),
    one.bottleneck,
    one.devices === 0 ? '' : `${one.devices} in ${one.waves} ${one.waves === 1 ? 'wave' : 'waves'}`,
    [
      ...one.notPossible.map((note) => html`<span class="bad">Not possible:</span> ${note.text} `),
      ...one.warnings.map((note) => html`${note.text} `),
    ],
  ])
  const notices = summary.notices.map((one) => [
    html`<span class="whole">${one.effective}</span>`,
    html`${laneNames[routeOf(one.route)]}`,
    one.inForce ? 'in force' : 'announced',
    html`${one.text}<br /><span class="quiet">${one.source}; read <span class="whole">${one.checked}</span></span>`,
  ])
  const assumptions = (estimate?.assumptions ?? []).map((one) => [
    one.text,
    valueOf(one),
    html`${one.source} <span class="quiet whole">(${one.checked})</span>`,
  ])
  return html`<section aria-labelledby="plan">
    <h2 id="plan">Plan, notices and assumptions</h2>
    <p>
      ${plan === null ? 'No plan was made.' : `Plan ${plan.id}, ${plan.approvedBy === null ? 'not approved' : `approved by ${plan.approvedBy}`}. ${ruleWords(plan.rule)}${estimate?.why ?? ''}`}
    </p>
    ${plan === null ? html`` : table('What each lane was estimated to take', [{ title: 'Lane' }, { title: 'Time' }, { title: 'Ruled by' }, { title: 'Devices' }, { title: 'Mind' }], routes, 'No estimate was recorded.')}
    ${table('Dated notices, as they stood when this bundle was made', [{ title: 'Date' }, { title: 'Lane' }, { title: 'Standing' }, { title: 'Notice' }], notices, 'No notice concerns these lanes.')}
    ${plan === null ? html`` : table('Assumptions of the estimate', [{ title: 'Assumption' }, { title: 'Value' }, { title: 'Source' }], assumptions, 'No assumption was recorded.')}
  </section>`
}

/** Only that there was one, and which: its parts stand in summary.json. */
function ruleWords(rule: NonNullable<EvidenceSummary['plan']>['rule']): string {
  if (rule === null) return ''
  const { named, folders, excludedFolders, ...parts } = rule
  if (named !== null) return `It took the studies of the rules ${named.name}, version ${named.version}. `
  const some = folders + excludedFolders > 0 || Object.values(parts).some((part) => part !== null)
  return some ? 'It took only studies of a rule (summary.json, plan.rule). ' : ''
}

function routeOf(text: string): Route {
  return text === 'share' || text === 'link' ? text : 'device'
}

function valueOf({ value, unit }: Assumption): string {
  if (typeof value === 'number' && unit === 'B') return formatBytes(value)
  const text =
    typeof value === 'object'
      ? value.low === value.high
        ? String(value.low)
        : `${value.low} to ${value.high}`
      : value.toLocaleString('en-US')
  return `${text} ${unit}`.trim()
}
