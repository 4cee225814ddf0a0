/** The flash bar: only what needs a person, from the state of host, engine and works, so that it is gone when its cause is. */
import Button from '@cloudscape-design/components/button'
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar'
import { useState, type ReactNode } from 'react'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { MigrationSnapshot } from '../../shared/contract/snapshot.ts'
import { useAct } from '../bridge/answers.ts'
import { useConnection, useHost, useMigration, useNow } from '../bridge/live.ts'
import { useLanguage, useWords } from '../language.tsx'
import { useFigures, type Figures } from '../parts/figures.ts'
import type { Screen } from '../screen.ts'
import { faultWords, isFaultCode } from '../words/faults.ts'
import { workKindWords } from '../words/works.ts'
import { flashWords } from './flashWords.ts'
import { useStaleSince } from './freshness.ts'
import type { Troubles } from './troubles.ts'

/** A restart is told for so long, unless it is read before. */
const restartTold = 60 * 60_000
const mostWorks = 5

type Flash = {
  readonly id: string
  readonly type: FlashbarProps.Type
  readonly header: string
  readonly content?: ReactNode
  readonly action?: ReactNode
  readonly onDismiss?: () => void
  readonly loading?: boolean
}

export function Flashes({ go, troubles }: { readonly go: (screen: Screen) => void; readonly troubles: Troubles }) {
  const t = useWords(flashWords)
  const figures = useFigures()
  const language = useLanguage()
  const kinds = useWords(workKindWords)
  const connection = useConnection()
  const stale = useStaleSince()
  const host = useHost()
  const migration = useMigration()
  const now = useNow(5000)
  const [read, setRead] = useState<ReadonlySet<string>>(new Set())
  const restart = useAct('host.restartEngine')
  const dismiss = (id: string) => () => setRead((before) => new Set([...before, id]))
  const to = (screen: Screen, label: string) => <Button onClick={() => go(screen)}>{label}</Button>
  const again = (
    <Button loading={restart.isPending} onClick={() => restart.mutate({}, { onError: troubles.add })}>
      {t.restartEngine}
    </Button>
  )

  const flashes: Flash[] = []
  if (connection.state === 'lost') {
    flashes.push({
      id: 'connection',
      type: 'error',
      header: t.lost(figures.clock(stale?.since ?? connection.since)),
      content: t.lostMeans,
    })
  } else {
    flashes.push(
      ...ofEngine(host, figures, t, now).map((one) => ({
        ...one,
        ...(one.restart ? { action: again } : {}),
        ...(one.type === 'info' ? { onDismiss: dismiss(one.id) } : {}),
      })),
    )
    if (stale !== undefined && migration !== undefined && host?.engine.state === 'running')
      flashes.push({ id: 'silent', type: 'warning', header: t.silent(figures.clock(stale.since)), content: t.silentMeans, action: again })
  }
  if (host?.unencrypted === true) flashes.push({ id: 'unencrypted', type: 'warning', header: t.unencrypted, content: t.unencryptedMeans })
  if (host !== undefined && host.settingsRefused.length > 0)
    flashes.push({
      id: `settings-${host.settingsRefused.join()}`,
      type: 'warning',
      header: t.settingsRefused,
      content: <code>{host.settingsRefused.join(', ')}</code>,
      action: to({ at: 'settings' }, t.toSettings),
      onDismiss: dismiss(`settings-${host.settingsRefused.join()}`),
    })
  if (host?.wallboard.state === 'failed') {
    const { fault } = host.wallboard
    const says = faultWords(fault !== null && isFaultCode(fault) ? fault : 'wallboard-failed', language)
    flashes.push({
      id: `wallboard-${fault ?? ''}`,
      type: 'warning',
      header: t.wallboardFailed,
      content: `${says.happened} ${says.todo}`,
      action: to({ at: 'settings' }, t.toSettings),
      onDismiss: dismiss(`wallboard-${fault ?? ''}`),
    })
  }
  if (migration !== undefined) {
    flashes.push(...ofJournal(migration, language, t))
    for (const work of migration.works.filter(({ state }) => state === 'failed').slice(-mostWorks)) {
      const says = faultWords(work.fault !== null && isFaultCode(work.fault.code) ? work.fault.code : 'unforeseen', language)
      const id = `failed-${work.id}-${work.endedAt ?? ''}`
      flashes.push({
        id,
        type: 'error',
        header: t.failed(kinds[work.kind], says.happened),
        content: `${says.safe} ${says.todo}`,
        action: to({ at: 'transfers' }, t.look),
        onDismiss: dismiss(id),
      })
    }
    for (const work of migration.works.filter((one) => one.state === 'running' && one.stalledSince !== null).slice(0, mostWorks)) {
      const id = `stalled-${work.id}-${work.stalledSince ?? ''}`
      flashes.push({
        id,
        type: 'warning',
        header: t.stalled(kinds[work.kind], figures.clock(work.stalledSince ?? now)),
        content: t.stalledMeans,
        action: to({ at: 'transfers' }, t.look),
        onDismiss: dismiss(id),
      })
    }
  }
  for (const { id, fault } of troubles.all) {
    const says = faultWords(fault.code, language)
    flashes.push({
      id: `trouble-${id}`,
      type: 'error',
      header: says.happened,
      content: `${says.safe} ${says.todo} (${fault.code})`,
      onDismiss: () => troubles.remove(id),
    })
  }
  const items = flashes
    .filter(({ id }) => !read.has(id))
    .map(({ onDismiss, ...flash }) => ({
      ...flash,
      dismissible: onDismiss !== undefined,
      dismissLabel: t.dismiss,
      ...(onDismiss === undefined ? {} : { onDismiss }),
    }))
  return items.length === 0 ? null : <Flashbar items={items} stackItems={items.length > 3} />
}

function ofEngine(
  host: HostState | undefined,
  figures: Figures,
  t: (typeof flashWords)['en'],
  now: number,
): readonly (Flash & { readonly restart: boolean })[] {
  if (host === undefined) return []
  const { state, since, restarts, lastEnd } = host.engine
  switch (state) {
    case 'gave-up':
      return [{ id: 'engine', type: 'error', header: t.gaveUp(figures.clock(since)), content: t.gaveUpMeans, restart: true }]
    case 'stopped':
      return [{ id: 'engine', type: 'warning', header: t.stopped(figures.clock(since)), content: t.stoppedMeans, restart: true }]
    case 'restarting':
      return [
        {
          id: 'engine',
          type: 'warning',
          loading: true,
          header: t.restarting(figures.clock(since)),
          content: t.restartingMeans,
          restart: false,
        },
      ]
    case 'starting':
      return []
    case 'running':
      return restarts > 0 && lastEnd !== null && now - lastEnd.at < restartTold
        ? [
            {
              id: `restarted-${lastEnd.at}`,
              type: 'info',
              header: t.restarted(figures.clock(lastEnd.at), lastEnd.how),
              content: t.restartedMeans,
              restart: false,
            },
          ]
        : []
  }
}

function ofJournal({ journal, awsFault }: MigrationSnapshot, language: 'en' | 'de', t: (typeof flashWords)['en']): readonly Flash[] {
  const flashes: Flash[] = []
  if (journal.state !== 'ok') {
    const says = faultWords(journal.state === 'failing' ? 'journal-not-writable' : 'journal-lost-lease', language)
    flashes.push({ id: 'journal', type: 'error', header: says.happened, content: `${says.safe} ${says.todo}` })
  }
  if (awsFault !== null) {
    const says = faultWords(isFaultCode(awsFault) ? awsFault : 'aws-unreachable', language)
    flashes.push({ id: 'aws', type: 'warning', header: t.aws(says.happened), content: `${says.safe} ${says.todo}` })
  }
  return flashes
}
