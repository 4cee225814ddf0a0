/** The line at the bottom: how far, how fast, until when, and whether journal, engine and AWS are well. A part that is not of now is grey and says its age. */
import Icon, { type IconProps } from '@cloudscape-design/components/icon'
import type { ReactNode } from 'react'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { MigrationSnapshot } from '../../shared/contract/snapshot.ts'
import { useHost, useMigration, useNow } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { useFigures, type Figures } from '../parts/figures.ts'
import { useStaleSince } from './freshness.ts'

/** Older than this, a figure says its age. */
const agesAfter = 60_000

const text = words({
  en: {
    line: 'Status',
    none: 'no migration open',
    verified: (percent: string) => `${percent} verified`,
    verifiedMeans: 'Verified, of all bytes found.',
    rateMeans: 'All lanes together.',
    idle: 'nothing is moving',
    paused: 'all paused',
    eta: (range: string) => `${range} left`,
    noEta: 'time left not known yet',
    finished: 'all verified',
    journal: { ok: 'journal ok', failing: 'journal cannot be written', 'lease-lost': 'journal taken by another Firn' },
    engine: {
      starting: 'engine starting',
      running: 'engine ok',
      restarting: 'engine restarting',
      'gave-up': 'engine stopped',
      stopped: 'engine stopped',
    },
    engineSilent: 'engine silent',
    hostGone: 'engine not known',
    aws: (ago: string) => `AWS reached ${ago}`,
    simulated: (ago: string) => `simulated AWS reached ${ago}`,
    awsNever: 'AWS not reached yet',
    asOf: (ago: string) => `(${ago})`,
    stale: (time: string) => `stale since ${time}`,
  },
  de: {
    line: 'Zustand',
    none: 'keine Migration geöffnet',
    verified: (percent: string) => `${percent} geprüft`,
    verifiedMeans: 'Anteil geprüfter Bytes an allen gefundenen.',
    rateMeans: 'Alle Wege zusammen.',
    idle: 'nichts bewegt sich',
    paused: 'alles angehalten',
    eta: (range: string) => `noch ${range}`,
    noEta: 'Restzeit noch nicht bekannt',
    finished: 'alles geprüft',
    journal: { ok: 'Journal in Ordnung', failing: 'Journal nicht beschreibbar', 'lease-lost': 'Journal bei anderem Firn' },
    engine: {
      starting: 'Arbeitsprogramm startet',
      running: 'Arbeitsprogramm läuft',
      restarting: 'Arbeitsprogramm startet neu',
      'gave-up': 'Arbeitsprogramm steht',
      stopped: 'Arbeitsprogramm steht',
    },
    engineSilent: 'Arbeitsprogramm schweigt',
    hostGone: 'Arbeitsprogramm unbekannt',
    aws: (ago: string) => `AWS erreicht ${ago}`,
    simulated: (ago: string) => `nachgebildetes AWS erreicht ${ago}`,
    awsNever: 'AWS noch nicht erreicht',
    asOf: (ago: string) => `(${ago})`,
    stale: (time: string) => `veraltet seit ${time}`,
  },
})
type Text = (typeof text)['en']

type Tone = 'plain' | 'wrong' | 'person' | 'old'
type Part = { readonly id: string; readonly text: ReactNode; readonly tone: Tone; readonly title?: string; readonly icon?: IconProps.Name }

export function StatusLine() {
  const t = useWords(text)
  const figures = useFigures()
  const host = useHost()
  const migration = useMigration()
  const stale = useStaleSince()
  const now = useNow()
  const parts: readonly Part[] = [
    ...(stale === undefined || migration === undefined
      ? []
      : [
          {
            id: 'stale',
            text: t.stale(figures.clock(stale.since)),
            tone: 'person',
            icon: 'status-warning',
            title: figures.exactly(stale.since),
          } as const,
        ]),
    ...(migration === undefined ? [{ id: 'none', text: t.none, tone: 'old' } as const] : ofMigration(migration, figures, t, now)),
    ofEngine(host, stale, t),
    ...(migration === undefined ? [] : [ofAws(migration, figures, t, now)]),
  ]
  const allOld = stale !== undefined && migration !== undefined
  return (
    <footer id="firn-status" aria-label={t.line}>
      <ul>
        {parts.map((part) => (
          <li
            key={part.id}
            title={part.title}
            className={`firn-status-${allOld && part.id !== 'stale' && part.id !== 'engine' ? 'old' : part.tone}`}
          >
            {part.icon === undefined ? null : <Icon name={part.icon} size="small" />}
            {part.text}
          </li>
        ))}
      </ul>
    </footer>
  )
}

function ofMigration(migration: MigrationSnapshot, figures: Figures, t: Text, now: number): readonly Part[] {
  const { totals, lanes, eta, journal } = migration
  const whole = totals.inventory.bytes
  const age = now - totals.countedAt
  const rates = lanes.map(({ bytesPerSecond }) => bytesPerSecond).filter((rate) => rate !== null)
  const rate = rates.reduce((sum, one) => sum + one, 0)
  const countedAge = age > agesAfter ? ` ${t.asOf(figures.ago(age))}` : ''
  return [
    {
      id: 'verified',
      text: `${t.verified(figures.percent(whole === 0 ? 0 : totals.verified.bytes / whole))}${countedAge}`,
      title: t.verifiedMeans,
      tone: age > agesAfter ? 'old' : 'plain',
    },
    {
      id: 'rate',
      text: migration.pausedAll ? t.paused : rates.length === 0 ? t.idle : figures.rate(rate),
      title: t.rateMeans,
      tone: rates.length === 0 ? 'old' : 'plain',
    },
    {
      id: 'eta',
      text: migration.finishedAt !== null ? t.finished : eta === null ? t.noEta : t.eta(figures.range(eta.left)),
      tone: migration.finishedAt === null && eta === null ? 'old' : 'plain',
    },
    {
      id: 'journal',
      text: t.journal[journal.state],
      tone: journal.state === 'ok' ? 'plain' : 'wrong',
      title: figures.exactly(journal.at),
      ...(journal.state === 'ok' ? {} : { icon: 'status-negative' as const }),
    },
  ]
}

function ofEngine(host: HostState | undefined, stale: ReturnType<typeof useStaleSince>, t: Text): Part {
  if (host === undefined || stale?.why === 'connection') return { id: 'engine', text: t.hostGone, tone: 'old' }
  const { state } = host.engine
  if (state === 'running' && stale?.why === 'engine') return { id: 'engine', text: t.engineSilent, tone: 'person', icon: 'status-warning' }
  const text = t.engine[state]
  switch (state) {
    case 'running':
    case 'starting':
      return { id: 'engine', text, tone: 'plain' }
    case 'restarting':
      return { id: 'engine', text, tone: 'person', icon: 'status-warning' }
    case 'gave-up':
    case 'stopped':
      return { id: 'engine', text, tone: 'wrong', icon: 'status-negative' }
  }
}

function ofAws(migration: MigrationSnapshot, figures: Figures, t: Text, now: number): Part {
  const at = migration.awsReachedAt
  const fault: Pick<Part, 'icon'> = migration.awsFault === null ? {} : { icon: 'status-warning' }
  if (at === null) return { id: 'aws', text: t.awsNever, tone: migration.awsFault === null ? 'old' : 'person', ...fault }
  const ago = figures.ago(now - at)
  return {
    id: 'aws',
    text: migration.kind === 'rehearsal' ? t.simulated(ago) : t.aws(ago),
    title: figures.exactly(at),
    tone: migration.awsFault !== null ? 'person' : now - at > agesAfter ? 'old' : 'plain',
    ...fault,
  }
}
