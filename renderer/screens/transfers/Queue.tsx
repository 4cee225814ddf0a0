/** Works that wait for their turn; moved up and down by buttons, or by the arrow keys on a row's grip. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Icon from '@cloudscape-design/components/icon'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { WorkButtons, useWorkName } from '../../parts/WorkProgress.tsx'
import { useWaitingName } from '../../parts/workProgressWords.ts'
import { transfersWords } from './transfersWords.ts'
import './transfers.css'

export function Queue({ works }: { readonly works: readonly WorkState[] }) {
  const t = useWords(transfersWords)
  const name = useWorkName()
  const waitingName = useWaitingName()
  const move = useAct('works.move')
  const [moved, setMoved] = useState<{ readonly id: string; readonly place: number } | undefined>(undefined)
  const list = useRef<HTMLOListElement>(null)
  const order = works.map(({ id }) => id).join(' ')

  // A moved row is put in anew by the browser and would lose the focus that the next key press needs.
  useEffect(() => {
    if (moved !== undefined) list.current?.querySelector<HTMLElement>(`[data-grip="${CSS.escape(moved.id)}"]`)?.focus()
  }, [order, moved])

  const put = (from: number, to: number): void => {
    const work = works[from]
    if (work === undefined || to < 0 || to >= works.length) return
    const before = works[to > from ? to + 1 : to]?.id ?? null
    setMoved({ id: work.id, place: to + 1 })
    move.mutate({ workId: work.id, before })
  }
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    put(at, event.key === 'ArrowUp' ? at - 1 : at + 1)
  }
  const lastMoved = works.find(({ id }) => id === moved?.id)
  return (
    <Container
      header={
        <Header variant="h2" description={works.length > 1 ? t.queueMeans : undefined}>
          {t.queue}
        </Header>
      }
    >
      {move.error !== null && <FaultBox fault={move.error} compact />}
      {works.length === 0 ? (
        <Box color="text-body-secondary">{t.emptyQueue}</Box>
      ) : (
        <ol className="queue" ref={list}>
          {works.map((work, at) => (
            <li key={work.id}>
              <button
                type="button"
                className="queue-grip"
                data-grip={work.id}
                aria-label={t.grip(name(work), at + 1, works.length)}
                onKeyDown={(event) => onKeyDown(event, at)}
              >
                <Icon name="drag-indicator" />
              </button>
              <div>
                <strong>{name(work)}</strong>
                {work.waitingFor !== null && <Box color="text-body-secondary">{waitingName(work.waitingFor)}</Box>}
              </div>
              <SpaceBetween direction="horizontal" size="xxs">
                <Button
                  variant="icon"
                  iconName="angle-up"
                  ariaLabel={t.up(name(work))}
                  disabled={at === 0}
                  onClick={() => put(at, at - 1)}
                />
                <Button
                  variant="icon"
                  iconName="angle-down"
                  ariaLabel={t.down(name(work))}
                  disabled={at === works.length - 1}
                  onClick={() => put(at, at + 1)}
                />
                <WorkButtons of={work} />
              </SpaceBetween>
            </li>
          ))}
        </ol>
      )}
      <span className="firn-unseen" role="status">
        {lastMoved === undefined || moved === undefined ? '' : t.moved(name(lastMoved), moved.place, works.length)}
      </span>
    </Container>
  )
}
