/** A list of any length as a grid: only the rows in sight exist, each 28 px high; arrow keys, Page, Home, End, Enter. */
import { memo, useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { placeOf, rowHeight, shiftAt, slotsFor } from './slots.ts'

export type Column<Row> = {
  readonly id: string
  readonly header: string
  /** A track of CSS grid. */
  readonly width: string
  readonly end?: boolean
  readonly cell: (row: Row) => ReactNode
}
export type Range = { readonly first: number; readonly last: number }

type Props<Row> = {
  readonly label: string
  readonly rows: number
  /** `undefined`: not here yet. */
  readonly at: (index: number) => Row | undefined
  readonly columns: readonly Column<Row>[]
  readonly waiting: string
  readonly onRange: (range: Range) => void
  readonly onOpen: (row: Row, index: number) => void
  readonly onBack?: (() => void) | undefined
  readonly height: number | string
}

const headHeight = 32
/** Scrolled by more than this many views at once: the bar was dragged. */
const jump = 8

export function RowGrid<Row>({ label, rows, at, columns, waiting, onRange, onOpen, onBack, height }: Props<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [shift, setShift] = useState(0)
  const [active, setActive] = useState(0)
  const slots = slotsFor(rows)
  const squeezed = rows > slots
  const lastTop = useRef(0)
  const virtual = useVirtualizer({
    count: slots,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  })
  const seen = virtual.getVirtualItems()
  const first = (seen[0]?.index ?? 0) + shift
  const last = (seen.at(-1)?.index ?? 0) + shift

  useEffect(() => onRange({ first, last }), [first, last, onRange])

  const viewRows = (): number => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1)
  const goTo = (slot: number, nextShift: number): void => {
    const box = scroller.current
    if (box === null) return
    setShift(nextShift)
    const top = slot * rowHeight - box.clientHeight / 2
    box.scrollTop = top
    lastTop.current = box.scrollTop
  }
  const moveTo = (row: number): void => {
    const to = Math.min(Math.max(row, 0), rows - 1)
    setActive(to)
    const box = scroller.current
    if (box === null) return
    const slot = to - shift
    const inSight = slot * rowHeight >= box.scrollTop && (slot + 1) * rowHeight + headHeight <= box.scrollTop + box.clientHeight
    if (inSight) return
    const near = slot >= 0 && slot < slots && Math.abs(slot * rowHeight - box.scrollTop) < 4 * box.clientHeight
    if (squeezed && !near) {
      const place = placeOf(to, rows)
      goTo(place.slot, place.shift)
    } else virtual.scrollToIndex(slot)
    lastTop.current = box.scrollTop
  }
  const onScroll = (): void => {
    const box = scroller.current
    if (box === null || !squeezed) return
    const moved = Math.abs(box.scrollTop - lastTop.current)
    lastTop.current = box.scrollTop
    const way = box.scrollHeight - box.clientHeight
    const slot = Math.round(box.scrollTop / rowHeight)
    if (moved > jump * box.clientHeight) return setShift(shiftAt(box.scrollTop / way, rows))
    // Near an end of the slots but not of the list: the same rows, where the bar should stand for them.
    const margin = 2 * viewRows()
    const atTop = slot < margin && shift > 0
    const atEnd = slot > slots - margin - viewRows() && shift < rows - slots
    if (!atTop && !atEnd) return
    const place = placeOf(slot + shift, rows)
    const top = box.scrollTop + (place.slot - slot) * rowHeight
    setShift(place.shift)
    box.scrollTop = top
    lastTop.current = box.scrollTop
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
        moveTo(active + 1)
        break
      case 'ArrowUp':
        moveTo(active - 1)
        break
      case 'PageDown':
        moveTo(active + viewRows())
        break
      case 'PageUp':
        moveTo(active - viewRows())
        break
      case 'Home':
        moveTo(0)
        break
      case 'End':
        moveTo(rows - 1)
        break
      case 'Enter':
      case ' ': {
        const row = at(active)
        if (row !== undefined) onOpen(row, active)
        break
      }
      case 'Backspace':
        if (onBack === undefined) return
        onBack()
        break
      default:
        return
    }
    event.preventDefault()
  }

  // A panel that opens below takes room: the row it is about stays in sight, and so does the list.
  const chosen = useRef({ active, shift })
  useEffect(() => {
    chosen.current = { active, shift }
  })
  const lastHeight = useRef(height)
  useEffect(() => {
    if (lastHeight.current === height) return
    lastHeight.current = height
    virtual.scrollToIndex(chosen.current.active - chosen.current.shift)
    // Once the frame around has made room for the panel.
    const timer = setTimeout(() => scroller.current?.scrollIntoView({ block: 'start' }), 150)
    return () => clearTimeout(timer)
  }, [height, virtual])

  // A shorter list than before: nothing stays chosen beyond its end.
  useLayoutEffect(() => {
    if (active > rows - 1) setActive(Math.max(0, rows - 1))
    if (!squeezed && shift !== 0) setShift(0)
  }, [active, rows, squeezed, shift])

  const template = columns.map(({ width }) => width).join(' ')
  const opening = useRef(onOpen)
  useEffect(() => {
    opening.current = onOpen
  })
  const pick = useCallback((row: Row | undefined, index: number) => {
    setActive(index)
    if (row !== undefined) opening.current(row, index)
  }, [])
  const rowId = (index: number): string => `${id}row${index}`
  const activeSeen = active >= first && active <= last
  return (
    <div
      ref={scroller}
      className="row-grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows + 1}
      aria-colcount={columns.length}
      aria-activedescendant={activeSeen && rows > 0 ? rowId(active) : undefined}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
      style={{ blockSize: height }}
    >
      <div className="head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <span key={column.id} role="columnheader" className={column.end === true ? 'end' : undefined}>
            {column.header}
          </span>
        ))}
      </div>
      <div role="presentation" style={{ blockSize: slots * rowHeight, position: 'relative' }}>
        {seen.map((slot) => {
          const index = slot.index + shift
          return (
            <GridRow
              key={index}
              id={rowId(index)}
              index={index}
              row={at(index)}
              active={index === active}
              top={slot.start - headHeight}
              template={template}
              columns={columns}
              waiting={waiting}
              onPick={pick}
            />
          )
        })}
      </div>
    </div>
  )
}

type RowProps<Row> = {
  readonly id: string
  readonly index: number
  readonly row: Row | undefined
  readonly active: boolean
  readonly top: number
  readonly template: string
  readonly columns: readonly Column<Row>[]
  readonly waiting: string
  readonly onPick: (row: Row | undefined, index: number) => void
}

/** A row is drawn once and stays as it is while the list moves past. */
const GridRow = memo(function OneRow<Row>({ id, index, row, active, top, template, columns, waiting, onPick }: RowProps<Row>) {
  return (
    <div
      id={id}
      className={row === undefined ? 'row waiting' : 'row'}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      data-active={active}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      onClick={() => onPick(row, index)}
    >
      {row === undefined ? (
        <span role="gridcell">{waiting}</span>
      ) : (
        columns.map((column) => (
          <span key={column.id} role="gridcell" className={column.end === true ? 'end' : undefined}>
            {column.cell(row)}
          </span>
        ))
      )}
    </div>
  )
}) as <Row>(props: RowProps<Row>) => ReactNode
