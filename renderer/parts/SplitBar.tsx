/** A stacked bar with its figures under it. Parts differ by pattern and word as well as by colour. */
import type { ReactNode } from 'react'
import { useFigures } from './figures.ts'
import type { ToneName } from './tones.ts'

/** info-soft: on its way, less far than info. nothing: not part of it. */
export type BarTone = ToneName | 'info-soft' | 'nothing'
export type BarPart = { readonly label: ReactNode; readonly value: number; readonly tone: BarTone }

type Props = {
  readonly parts: readonly BarPart[]
  readonly label: string
  readonly formatValue: (value: number) => string
  /** Only the bar, for rows of a table; its figures are then read by screen readers only. */
  readonly slim?: boolean
}

export function SplitBar({ parts, label, formatValue, slim = false }: Props) {
  const figures = useFigures()
  const whole = parts.reduce((sum, part) => sum + part.value, 0)
  const share = (value: number): number => (whole === 0 ? 0 : value / whole)
  return (
    <div className={slim ? 'firn-split firn-split-slim' : 'firn-split'} role="group" aria-label={label}>
      <div className="firn-split-bar" aria-hidden="true">
        {parts
          .filter((part) => part.value > 0)
          .map((part) => (
            <span
              key={part.tone + String(parts.indexOf(part))}
              className={`firn-part firn-part-${part.tone}`}
              style={{ flexGrow: share(part.value) }}
            />
          ))}
      </div>
      <dl className={slim ? 'firn-unseen' : 'firn-split-figures'}>
        {parts.map((part, at) => (
          <div key={at} className={part.value === 0 ? 'firn-nothing' : undefined}>
            <dt>
              <span className={`firn-swatch firn-part-${part.tone}`} aria-hidden="true" />
              {part.label}
            </dt>
            <dd>
              {formatValue(part.value)} <span className="firn-quiet">{whole === 0 ? '' : figures.percent(share(part.value))}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
