/** Migrations that this machine knows: open one, or take one off the list. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { MigrationEntry } from '../../../shared/contract/calls/migrations.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { Moment } from '../../parts/Moment.tsx'
import type { ToneName } from '../../parts/tones.ts'
import { Tone } from '../../parts/Word.tsx'
import { useGo } from '../../screen.ts'
import { migrationStateWords } from '../../words/migrations.ts'
import { startWords } from './startWords.ts'

const tones: Readonly<Record<MigrationEntry['state'], ToneName>> = { open: 'info', closed: 'later', held: 'person', gone: 'wrong' }

export function Known() {
  const t = useWords(startWords)
  const states = useWords(migrationStateWords)
  const go = useGo()
  const openId = useMigration()?.id
  const list = useAnswer('migrations.list', {})
  const [forgetting, setForgetting] = useState<MigrationEntry>()
  const opened = { changes: ['migrations.list'], onDone: () => go({ at: 'overview' }) } as const
  const open = useAct('migrations.open', opened)
  const openFolder = useAct('migrations.openFolder', opened)
  const close = useAct('migrations.close', { changes: ['migrations.list'] })
  const forget = useAct('migrations.forget', { changes: ['migrations.list'], onDone: () => setForgetting(undefined) })
  const fault = open.error ?? openFolder.error ?? close.error
  return (
    <SpaceBetween size="s">
      {fault === null ? null : <FaultBox fault={fault} />}
      <Answered of={list}>
        {({ migrations }) => (
          <Table<MigrationEntry>
            header={
              <Header
                variant="h2"
                counter={`(${migrations.length})`}
                actions={
                  <ChooseFolder purpose="migration" label={t.openFolder} onChosen={({ token }) => openFolder.mutate({ folder: token })} />
                }
              >
                {t.known}
              </Header>
            }
            empty={<Box color="text-body-secondary">{t.knownNone}</Box>}
            items={migrations}
            trackBy="id"
            enableKeyboardNavigation
            wrapLines
            columnDefinitions={[
              { id: 'name', header: t.name, isRowHeader: true, cell: ({ name }) => name },
              { id: 'kind', header: t.kind, cell: ({ kind }) => (kind === 'rehearsal' ? t.rehearsal : t.real) },
              { id: 'state', header: t.state, cell: ({ state }) => <Tone tone={tones[state]}>{states[state]}</Tone> },
              { id: 'opened', header: t.opened, cell: ({ openedAt }) => (openedAt === null ? t.never : <Moment at={openedAt} />) },
              { id: 'folder', header: t.folder, cell: ({ label }) => <span className="firn-quiet">{label}</span> },
              {
                id: 'actions',
                header: t.actions,
                cell: (one) => (
                  <span className="firn-actions">
                    {one.id === openId ? (
                      <>
                        <Button variant="inline-link" ariaLabel={`${t.toIt}: ${one.name}`} onClick={() => go({ at: 'overview' })}>
                          {t.toIt}
                        </Button>
                        <Button
                          variant="inline-link"
                          ariaLabel={`${t.close}: ${one.name}`}
                          loading={close.isPending}
                          onClick={() => close.mutate({})}
                        >
                          {t.close}
                        </Button>
                      </>
                    ) : (
                      <>
                        <Button
                          variant="inline-link"
                          ariaLabel={`${t.open}: ${one.name}`}
                          disabled={one.state === 'gone' || one.state === 'held'}
                          loading={open.isPending && open.variables.id === one.id}
                          onClick={() => open.mutate({ id: one.id })}
                        >
                          {t.open}
                        </Button>
                        <Button variant="inline-link" ariaLabel={`${t.forget}: ${one.name}`} onClick={() => setForgetting(one)}>
                          {t.forget}
                        </Button>
                      </>
                    )}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answered>
      {forgetting === undefined ? null : (
        <Dialog
          title={t.forgetTitle(forgetting.name)}
          action={t.forget}
          onAct={() => forget.mutate({ id: forgetting.id })}
          onClose={() => setForgetting(undefined)}
          pending={forget.isPending}
          error={forget.error}
        >
          {t.forgetMeans}
        </Dialog>
      )}
    </SpaceBetween>
  )
}
