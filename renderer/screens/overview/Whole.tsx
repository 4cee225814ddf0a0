/** The whole archive: one bar in bytes and one in items, and the figures that people ask for first. */
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { MigrationSnapshot } from '../../../shared/contract/snapshot.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Ago } from '../../parts/Moment.tsx'
import { SplitBar, type BarPart } from '../../parts/SplitBar.tsx'
import { progressWords } from '../../words/progress.ts'
import { overviewWords } from './overviewWords.ts'

type Totals = MigrationSnapshot['totals']
type Of = 'bytes' | 'items'

export function Whole({ migration }: { readonly migration: MigrationSnapshot }) {
  const t = useWords(overviewWords)
  const figures = useFigures()
  const { totals, eta, lanes, pausedAll, finishedAt } = migration
  const rates = lanes.map(({ bytesPerSecond }) => bytesPerSecond).filter((rate) => rate !== null)
  const whole = totals.inventory.bytes
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <span className="firn-quiet">
              {t.counted} <Ago at={totals.countedAt} />
            </span>
          }
        >
          {t.whole}
        </Header>
      }
    >
      <dl className="firn-figures">
        <div>
          <dt>
            <span lang="en">verified</span>
          </dt>
          <dd>{figures.percent(whole === 0 ? 0 : totals.verified.bytes / whole)}</dd>
          <dd className="firn-figure-note">{t.ofBytes(figures.bytes(whole))}</dd>
        </div>
        <div>
          <dt>{t.left}</dt>
          <dd>{finishedAt !== null ? t.finished : eta === null ? t.noEta : figures.range(eta.left)}</dd>
          <dd className="firn-figure-note">
            {finishedAt !== null
              ? figures.dateTime(finishedAt)
              : eta === null
                ? t.noEtaMeans
                : eta.basis === 'plan'
                  ? t.basis.plan
                  : t.basis.measured(figures.duration(eta.hours * 3_600_000))}
          </dd>
        </div>
        <div>
          <dt>{t.now}</dt>
          <dd>{pausedAll ? t.paused : rates.length === 0 ? t.idle : figures.rate(rates.reduce((sum, rate) => sum + rate, 0))}</dd>
        </div>
        <div>
          <dt>{t.items}</dt>
          <dd>{figures.count(totals.inventory.items)}</dd>
          <dd className="firn-figure-note">
            {figures.count(totals.studies)} {t.studies}
          </dd>
        </div>
      </dl>
      <Bar totals={totals} of="bytes" label={t.bytes} formatValue={figures.bytes} />
      <Bar totals={totals} of="items" label={t.items} formatValue={figures.count} />
    </Container>
  )
}

type BarProps = { readonly totals: Totals; readonly of: Of; readonly label: string; readonly formatValue: (value: number) => string }

function Bar({ totals, of, label, formatValue }: BarProps) {
  const t = useWords(progressWords)
  const parts: readonly BarPart[] = [
    { label: <span lang="en">verified</span>, value: totals.verified[of], tone: 'good' },
    { label: t.landed, value: totals.landed[of], tone: 'info' },
    { label: t.sent, value: totals.sent[of], tone: 'info-soft' },
    { label: t.waiting, value: totals.waiting[of], tone: 'later' },
    { label: t.leftBehind, value: totals.leftBehind[of], tone: 'person' },
    ...(totals.notPlanned[of] > 0 ? [{ label: t.notPlanned, value: totals.notPlanned[of], tone: 'nothing' } as const] : []),
  ]
  return (
    <div className="firn-bar-row">
      <h3>{label}</h3>
      <SplitBar parts={parts} label={label} formatValue={formatValue} />
    </div>
  )
}
