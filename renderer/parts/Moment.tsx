/** Moments: local time with the zone on hover, and ages that count on by themselves. */
import { useNow } from '../bridge/live.ts'
import { useFigures } from './figures.ts'

type Props = { readonly at: number }

/** "24 Nov 2026, 14:02" */
export function Moment({ at }: Props) {
  const figures = useFigures()
  return (
    <time dateTime={new Date(at).toISOString()} title={figures.exactly(at)}>
      {figures.dateTime(at)}
    </time>
  )
}

/** "4 s ago" */
export function Ago({ at }: Props) {
  const figures = useFigures()
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={figures.exactly(at)}>
      {figures.ago(now - at)}
    </time>
  )
}
