/** Throughput of the last hours as a strip, drawn once its library is there; and as a table for those who cannot see it. */
import { lazy, Suspense } from 'react'
import type { LaneState } from '../../shared/contract/snapshot.ts'
import { useNow } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { useFigures } from './figures.ts'

const StripCanvas = lazy(() => import('./StripCanvas.tsx').then(({ StripCanvas }) => ({ default: StripCanvas })))

const text = words({
  en: {
    when: 'Time',
    rate: 'Rate',
    none: 'nothing ran',
    empty: 'Nothing has run yet.',
    last: (span: string) => `last ${span}`,
    peak: (rate: string) => `peak ${rate}`,
  },
  de: {
    when: 'Zeit',
    rate: 'Rate',
    none: 'nichts lief',
    empty: 'Noch ist nichts gelaufen.',
    last: (span: string) => `letzte ${span}`,
    peak: (rate: string) => `Spitze ${rate}`,
  },
})

/** Rows of the table: what ears can take. */
const mostRows = 12

type Props = { readonly strip: LaneState['strip']; readonly label: string; readonly height?: number }

export function RateStrip({ strip, label, height = 56 }: Props) {
  const t = useWords(text)
  const figures = useFigures()
  const now = useNow(60_000)
  const { everyMs, rates } = strip
  if (rates.every((rate) => rate === null)) return <div className="firn-quiet">{t.empty}</div>
  const every = Math.max(Math.ceil(rates.length / mostRows), 1)
  const rows = rates
    .map((rate, at) => ({ rate, ageMs: (rates.length - 1 - at) * everyMs }))
    .filter((_, at) => (rates.length - 1 - at) % every === 0)
  return (
    <figure className="firn-strip" aria-label={label}>
      <div style={{ height }} aria-hidden="true">
        <Suspense fallback={null}>
          <StripCanvas rates={rates} everyMs={everyMs} height={height} />
        </Suspense>
      </div>
      <figcaption>
        <span>{t.last(figures.duration(rates.length * everyMs))}</span>
        <span>{t.peak(figures.rate(Math.max(...rates.map((rate) => rate ?? 0))))}</span>
      </figcaption>
      <table className="firn-unseen">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t.when}</th>
            <th scope="col">{t.rate}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ rate, ageMs }) => (
            <tr key={ageMs}>
              <td>{figures.clock(now - ageMs)}</td>
              <td>{rate === null ? t.none : figures.rate(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
