/** Throughput of the last hours as bars, with its span and its highest figure in words. */
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import type { Figures } from '../parts/figures.ts'

type Shown = { readonly strip: WallboardFigures['strip']; readonly format: Figures; readonly label: (span: string) => string }

const mostBars = 60

export function Strip({ strip, format, label }: Shown) {
  if (strip.rates.length < 2) return <span />
  const bars = averaged(strip.rates, mostBars)
  const highest = Math.max(1, ...bars.map((rate) => rate ?? 0))
  const span = format.duration(strip.rates.length * strip.everyMs)
  return (
    <figure>
      <figcaption>{label(span)}</figcaption>
      <svg
        viewBox={`0 0 ${bars.length * 4} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label(span)}, ≤ ${format.rate(highest)}`}
      >
        {bars.map((rate, place) => {
          const height = rate === null ? 1 : Math.max(1, (38 * rate) / highest)
          return (
            <rect key={place} className={rate === null ? 'nothing' : 'moved'} x={place * 4} y={40 - height} width={3} height={height} />
          )
        })}
      </svg>
      <span>≤ {format.rate(highest)}</span>
    </figure>
  )
}

/** As few bars as fit: each the mean of its samples; null where nothing ran at all. */
function averaged(rates: readonly (number | null)[], most: number): readonly (number | null)[] {
  const each = Math.ceil(rates.length / most)
  return Array.from({ length: Math.ceil(rates.length / each) }, (_, place) => {
    const some = rates.slice(place * each, (place + 1) * each).filter((rate): rate is number => rate !== null)
    return some.length === 0 ? null : some.reduce((sum, rate) => sum + rate, 0) / some.length
  })
}
