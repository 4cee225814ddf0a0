/** Screens that may see the wallboard; a new one's link and code are shown once. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { WallboardState } from '../../../shared/contract/hostState.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Moment } from '../../parts/Moment.tsx'
import { wallboardWords } from './wallboardWords.ts'

type Pairing = WallboardState['pairings'][number]

export function Pairings({ pairings, canPair }: { readonly pairings: readonly Pairing[]; readonly canPair: boolean }) {
  const t = useWords(wallboardWords)
  const figures = useFigures()
  const [label, setLabel] = useState('')
  const pair = useAct('host.pairWallboard', { onDone: () => setLabel('') })
  const revoke = useAct('host.revokeWallboard')
  const once = pair.data
  const fault = pair.error ?? revoke.error
  return (
    <SpaceBetween size="s">
      <Table<Pairing>
        variant="embedded"
        header={
          <Header
            variant="h3"
            actions={
              <form
                onSubmit={(event) => {
                  event.preventDefault()
                  if (label.trim() !== '') pair.mutate({ label: label.trim() })
                }}
              >
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <FormField label={<span className="firn-unseen">{t.label}</span>}>
                    <Input
                      value={label}
                      placeholder={t.label}
                      disabled={!canPair}
                      autoComplete={false}
                      onChange={({ detail }) => setLabel(detail.value.slice(0, 60))}
                    />
                  </FormField>
                  <Button disabled={!canPair || label.trim() === ''} loading={pair.isPending}>
                    {t.pair}
                  </Button>
                </SpaceBetween>
              </form>
            }
          >
            {t.pairings}
          </Header>
        }
        empty={<Box color="text-body-secondary">{t.none}</Box>}
        items={pairings}
        trackBy="id"
        columnDefinitions={[
          { id: 'label', header: t.label, isRowHeader: true, cell: (one) => one.label },
          { id: 'created', header: t.created, cell: (one) => <Moment at={one.createdAt} /> },
          { id: 'seen', header: t.seen, cell: (one) => (one.lastSeenAt === null ? t.never : <Moment at={one.lastSeenAt} />) },
          {
            id: 'actions',
            header: t.actions,
            cell: (one) => (
              <Button
                variant="inline-link"
                ariaLabel={`${t.revoke}: ${one.label}`}
                loading={revoke.isPending && revoke.variables.id === one.id}
                onClick={() => revoke.mutate({ id: one.id })}
              >
                {t.revoke}
              </Button>
            ),
          },
        ]}
      />
      {fault === null ? null : <FaultBox fault={fault} compact />}
      {once === undefined ? null : (
        <Modal
          visible
          header={t.onceTitle}
          onDismiss={() => pair.reset()}
          footer={
            <Box float="right">
              <Button variant="primary" onClick={() => pair.reset()}>
                {t.done}
              </Button>
            </Box>
          }
        >
          <SpaceBetween size="m">
            <div>{t.onceMeans}</div>
            <KeyValuePairs
              items={[
                {
                  label: t.link,
                  value: (
                    <CopyToClipboard
                      variant="inline"
                      textToCopy={once.link}
                      copyButtonAriaLabel={`${t.copy}: ${t.link}`}
                      copySuccessText={t.copied}
                      copyErrorText={t.notCopied}
                    />
                  ),
                },
                {
                  label: t.code,
                  value: (
                    <span>
                      <strong className="firn-pairing-code">{once.code}</strong>{' '}
                      <span className="firn-quiet">{t.codeEnds(figures.clock(once.codeEndsAt))}</span>
                    </span>
                  ),
                },
              ]}
            />
          </SpaceBetween>
        </Modal>
      )}
    </SpaceBetween>
  )
}
