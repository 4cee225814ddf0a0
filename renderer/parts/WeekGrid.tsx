/** Hours × weekdays, painted: how fast it may go in each hour of the week. By dragging, and by keyboard alone. */
import { useId, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react'
import Button from '@cloudscape-design/components/button'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import * as tokens from '@cloudscape-design/design-tokens'
import { useLanguage, useWords } from '../language.tsx'
import { amongCells, cellsIn, hours, spotAfter, type Spot } from './weekGridSpots.ts'
import { weekGridWords } from './weekGridWords.ts'
import './weekGrid.css'

/** Bytes per second for each hour of the week, Monday 00:00 first. `null`: as fast as it goes; 0: nothing is sent. */
export type WeekRates = readonly (number | null)[]

const megabyte = 1e6
const days = [0, 1, 2, 3, 4, 5, 6] as const
const oneHour = 3_600_000
/** A Monday. */
const someMonday = Date.UTC(2024, 0, 1)

const colours = {
  '--week-full': tokens.colorBackgroundButtonPrimaryDefault,
  '--week-empty': tokens.colorBackgroundInputDisabled,
  '--week-hatch': tokens.colorTextInteractiveDisabled,
  '--week-mark': tokens.colorTextHeadingDefault,
} as CSSProperties

type Level = 'full' | 'limited' | 'nothing'
const levelOf = (rate: number | null): Level => (rate === null ? 'full' : rate === 0 ? 'nothing' : 'limited')

export function WeekGrid({
  value,
  onChange,
  label,
}: {
  readonly value: WeekRates
  readonly onChange: (value: (number | null)[]) => void
  readonly label: string
}) {
  const say = useWords(weekGridWords)
  const language = useLanguage()
  const [level, setLevel] = useState<Level>('limited')
  const [megabytes, setMegabytes] = useState('80')
  const [at, setAt] = useState<Spot>({ day: 0, hour: 0 })
  const [anchor, setAnchor] = useState<Spot | undefined>(undefined)
  const [painted, setPainted] = useState('')
  const dragging = useRef<Spot | undefined>(undefined)
  const table = useRef<HTMLTableElement>(null)
  const rateId = useId()

  const limit = Math.round(Number(megabytes.replace(',', '.')) * megabyte)
  const limitUsable = Number.isFinite(limit) && limit > 0
  const brush = level === 'full' ? null : level === 'nothing' ? 0 : limit
  const most = Math.max(1, ...value.map((rate) => rate ?? 0), limitUsable ? limit : 0)
  const dayName = (day: number, style: 'short' | 'long') =>
    new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(someMonday + day * 24 * oneHour)
  const hourName = (hour: number) => `${String(hour).padStart(2, '0')}:00`
  const rateName = (rate: number | null) =>
    rate === null
      ? say.full
      : rate === 0
        ? say.nothing
        : say.limited(new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(rate / megabyte))

  const paint = (from: Spot, to: Spot): void => {
    if (level === 'limited' && !limitUsable) return
    const cells = cellsIn(from, to)
    onChange(value.map((rate, index) => (cells.has(index) ? brush : rate)))
    setPainted(say.painted(cells.size, rateName(brush)))
  }
  const move = (spot: Spot): void => {
    setAt(spot)
    table.current?.querySelector<HTMLElement>(`[data-spot="${spot.day}.${spot.hour}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === ' ' || event.key === 'Enter') {
      paint(anchor ?? at, at)
      setAnchor(undefined)
    } else if (event.key === 'Escape' && anchor !== undefined) setAnchor(undefined)
    else {
      const spot = spotAfter(event.key, at, event.ctrlKey)
      if (spot === undefined) return
      setAnchor(event.shiftKey ? (anchor ?? at) : undefined)
      move(spot)
    }
    event.preventDefault()
  }
  const marked = anchor === undefined ? undefined : cellsIn(anchor, at)

  const spotProps = (spot: Spot) => ({
    'data-spot': `${spot.day}.${spot.hour}`,
    tabIndex: spot.day === at.day && spot.hour === at.hour ? 0 : -1,
    onPointerDown: (event: { preventDefault(): void }) => {
      event.preventDefault()
      setAnchor(spot)
      dragging.current = spot
      move(spot)
    },
    onPointerEnter: () => {
      if (dragging.current !== undefined) setAt(spot)
    },
    onPointerUp: () => {
      if (dragging.current !== undefined) paint(dragging.current, spot)
      dragging.current = undefined
      setAnchor(undefined)
    },
  })

  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="m" alignItems="center">
        <RadioGroup
          direction="horizontal"
          ariaLabel={say.brush}
          value={level}
          onChange={({ detail }) => setLevel(detail.value as Level)}
          items={(['full', 'limited', 'nothing'] as const).map((one) => ({
            value: one,
            label: (
              <span style={colours}>
                <span className="week-grid-key" data-level={one} aria-hidden="true">
                  {one !== 'nothing' && <span style={{ blockSize: one === 'full' ? '100%' : '45%' }} />}
                </span>
                {one === 'limited' ? say.limitedTo : say[one]}
              </span>
            ),
          }))}
        />
        <SpaceBetween direction="horizontal" size="xxs" alignItems="center">
          <div style={{ inlineSize: 90 }}>
            <Input
              controlId={rateId}
              value={megabytes}
              inputMode="decimal"
              ariaLabel={say.megabytes}
              invalid={!limitUsable}
              onFocus={() => setLevel('limited')}
              onChange={({ detail }) => setMegabytes(detail.value)}
            />
          </div>
          <label htmlFor={rateId}>MB/s</label>
        </SpaceBetween>
        <Button onClick={() => paint({ day: 0, hour: 7 }, { day: 4, hour: 18 })}>{say.workingHours}</Button>
        <Button onClick={() => paint({ day: -1, hour: -1 }, { day: -1, hour: -1 })}>{say.wholeWeek}</Button>
      </SpaceBetween>
      <table
        ref={table}
        role="grid"
        aria-label={label}
        aria-multiselectable="true"
        className="week-grid"
        style={colours}
        onKeyDown={onKeyDown}
        onPointerLeave={() => {
          if (dragging.current === undefined) return
          paint(dragging.current, at)
          dragging.current = undefined
          setAnchor(undefined)
        }}
      >
        <thead>
          <tr>
            <th scope="col" aria-label={say.wholeWeek} {...spotProps({ day: -1, hour: -1 })} />
            {hours.map((hour) => (
              <th key={hour} scope="col" aria-label={say.everyDayAt(hourName(hour))} {...spotProps({ day: -1, hour })}>
                {String(hour).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day}>
              <th scope="row" aria-label={say.allOf(dayName(day, 'long'))} {...spotProps({ day, hour: -1 })}>
                {dayName(day, 'short')}
              </th>
              {hours.map((hour) => {
                const rate = value[day * hours.length + hour] ?? null
                const chosen = marked !== undefined && amongCells(marked, { day, hour })
                return (
                  <td
                    key={hour}
                    data-level={levelOf(rate)}
                    data-chosen={chosen}
                    aria-selected={chosen}
                    aria-label={`${dayName(day, 'long')} ${hourName(hour)}–${hourName(hour + 1)}: ${rateName(rate)}`}
                    title={`${dayName(day, 'long')} ${hourName(hour)}–${hourName(hour + 1)}: ${rateName(rate)}`}
                    {...spotProps({ day, hour })}
                  >
                    {rate !== 0 && <span style={{ blockSize: rate === null ? '100%' : `${Math.max(15, (rate / most) * 60)}%` }} />}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <small>{say.keys}</small>
      <span role="status" style={{ position: 'absolute', inlineSize: 1, blockSize: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>
        {painted}
      </span>
    </SpaceBetween>
  )
}
