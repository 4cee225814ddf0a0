/** "TB not touched since …": a curve with a year to drag, by pointer or arrow keys. The year becomes a rule for the plan. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords, words } from '../../language.tsx'
import { useGo } from '../../screen.ts'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { proposeRule } from '../plan/draft.ts'
import { coldSums, coldYearsSince, type Cold } from './coldYears.ts'
import { Drawn } from './Drawn.tsx'

const texts = words({
  en: {
    title: 'Not touched since',
    description: 'Bytes whose files were not changed since the end of a year. Drag the year.',
    handle: 'Year since whose end nothing was touched',
    found: (year: number, bytes: string, items: string, studies: string) =>
      `${bytes} in ${items} and ${studies} studies were not touched since the end of ${year}.`,
    note: 'A study goes when none of its files was touched since. The plan counts them exactly.',
    plan: 'Plan these studies',
    since: (year: number) => `end of ${year}`,
    empty: 'No scan has found anything yet.',
    curve: 'Bytes not touched since, by year',
  },
  de: {
    title: 'Unberührt seit',
    description: 'Bytes, deren Dateien seit dem Ende eines Jahres nicht geändert wurden. Das Jahr lässt sich ziehen.',
    handle: 'Jahr, seit dessen Ende nichts geändert wurde',
    found: (year, bytes, items, studies) => `${bytes} in ${items} und ${studies} Studien blieben seit Ende ${year} unberührt.`,
    note: 'Eine Studie geht, wenn keine ihrer Dateien seither geändert wurde. Der Plan zählt genau.',
    plan: 'Diese Studien planen',
    since: (year) => `Ende ${year}`,
    empty: 'Noch hat kein Scan etwas gefunden.',
    curve: 'Unberührte Bytes nach Jahr',
  },
})

const height = 220
const inset = { left: 64, right: 24, top: 24, bottom: 26 }

export function ColdnessCurve({ archiveId }: { readonly archiveId: number | null }) {
  const text = useWords(texts)
  const answered = useAnswer('archives.coldness', { archiveId })
  return (
    <Container
      header={
        <Header variant="h2" description={text.description}>
          {text.title}
        </Header>
      }
    >
      <Answered
        of={answered}
        empty={{
          when: ({ years }) => years.length === 0,
          show: (
            <Box textAlign="center" color="text-body-secondary" padding="l">
              {text.empty}
            </Box>
          ),
        }}
      >
        {({ years }) => <Curve sums={coldSums(years)} archiveId={archiveId} />}
      </Answered>
    </Container>
  )
}

function useWidth(): readonly [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(480)
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.floor(entry?.contentRect.width ?? 480))))
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [])
  return [box, width]
}

function Curve({ sums, archiveId }: { readonly sums: readonly Cold[]; readonly archiveId: number | null }) {
  const text = useWords(texts)
  const figures = useFigures()
  const go = useGo()
  const migration = useMigration()
  const [box, width] = useWidth()
  const [dragging, setDragging] = useState(false)
  const first = sums[0]?.year ?? 0
  const last = sums.at(-1)?.year ?? first
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  // Begins where a department's usual rule lies, seven years back, as far as the archive reaches.
  const year = Math.min(Math.max(chosen ?? last - 7, first), last)
  const here = sums[year - first] ?? { year, items: 0, bytes: 0, studies: 0 }
  const most = Math.max(1, sums.at(-1)?.bytes ?? 1)

  const innerWidth = width - inset.left - inset.right
  const innerHeight = height - inset.top - inset.bottom
  const x = (of: number): number => inset.left + (last === first ? innerWidth / 2 : ((of - first) / (last - first)) * innerWidth)
  const y = (bytes: number): number => inset.top + innerHeight - (bytes / most) * innerHeight
  const points = sums.map((one) => `${x(one.year)},${y(one.bytes)}`).join(' ')
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, Math.floor(innerWidth / 52))))

  const onKeyDown = (event: KeyboardEvent): void => {
    const to = {
      ArrowLeft: year - 1,
      ArrowDown: year - 1,
      ArrowRight: year + 1,
      ArrowUp: year + 1,
      PageDown: year - 5,
      PageUp: year + 5,
      Home: first,
      End: last,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setChosen(Math.min(Math.max(to, first), last))
  }
  const toPointer = (event: PointerEvent<SVGSVGElement>): void => {
    const at = (event.clientX - event.currentTarget.getBoundingClientRect().left - inset.left) / Math.max(1, innerWidth)
    setChosen(Math.round(first + Math.min(Math.max(at, 0), 1) * (last - first)))
  }
  const plan = (): void => {
    proposeRule(migration?.id, {
      coldYears: coldYearsSince(year, Date.now()),
      ...(archiveId === null ? {} : { archiveIds: [archiveId] }),
    })
    go({ at: 'plan' })
  }
  const labelLeft = x(year) > width / 2

  return (
    <Drawn>
      <SpaceBetween size="s">
        <div ref={box}>
          <svg
            className="curve"
            role="group"
            aria-label={text.curve}
            width={width}
            height={height}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId)
              setDragging(true)
              toPointer(event)
            }}
            onPointerMove={(event) => {
              if (dragging) toPointer(event)
            }}
            onPointerUp={() => setDragging(false)}
            onPointerCancel={() => setDragging(false)}
          >
            {[0, 0.5, 1].map((part) => (
              <g key={part} aria-hidden="true">
                <line className="grid" x1={inset.left} x2={width - inset.right} y1={y(part * most)} y2={y(part * most)} />
                <text x={inset.left - 8} y={y(part * most) + 4} textAnchor="end">
                  {part === 0 ? '0' : figures.bytes(part * most)}
                </text>
              </g>
            ))}
            <polygon className="area" points={`${x(first)},${y(0)} ${points} ${x(last)},${y(0)}`} />
            <polyline className="drawn-line" points={points} />
            {sums.map((one) =>
              (one.year - first) % every === 0 ? (
                <text key={one.year} x={x(one.year)} y={height - 6} textAnchor="middle" aria-hidden="true">
                  {one.year}
                </text>
              ) : null,
            )}
            <g
              className="handle"
              role="slider"
              tabIndex={0}
              aria-label={text.handle}
              aria-valuemin={first}
              aria-valuemax={last}
              aria-valuenow={year}
              aria-valuetext={`${text.since(year)}: ${figures.bytes(here.bytes)}`}
              onKeyDown={onKeyDown}
            >
              <line className="cut" x1={x(year)} x2={x(year)} y1={inset.top - 8} y2={height - inset.bottom} />
              <circle className="knob" cx={x(year)} cy={y(here.bytes)} r={8} />
              <text className="strong" x={x(year) + (labelLeft ? -10 : 10)} y={inset.top - 6} textAnchor={labelLeft ? 'end' : 'start'}>
                {text.since(year)}
              </text>
            </g>
          </svg>
        </div>
        <div aria-live="polite">
          <b>{text.found(year, figures.bytes(here.bytes), figures.items(here.items), figures.count(here.studies))}</b>
        </div>
        <Box color="text-body-secondary" fontSize="body-s">
          {text.note}
        </Box>
        <Button iconName="arrow-right" iconAlign="right" onClick={plan}>
          {text.plan}
        </Button>
      </SpaceBetween>
    </Drawn>
  )
}
