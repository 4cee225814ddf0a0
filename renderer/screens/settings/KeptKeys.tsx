/** Names of the AWS keys that the system's secret store keeps; the keys themselves are never shown. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { settingsWords } from './settingsWords.ts'

export function KeptKeys({ available }: { readonly available: boolean }) {
  const t = useWords(settingsWords)
  return (
    <Container
      header={
        <Header variant="h2" description={t.keysLead}>
          {t.keys}
        </Header>
      }
    >
      {available ? <Names /> : <Box color="text-body-secondary">{t.noSecretStore}</Box>}
    </Container>
  )
}

function Names() {
  const t = useWords(settingsWords)
  const kept = useAnswer('host.keptKeys', {})
  const forget = useAct('host.forgetKeys', { changes: ['host.keptKeys'] })
  return (
    <SpaceBetween size="s">
      <Answered of={kept} empty={{ when: ({ names }) => names.length === 0, show: <Box color="text-body-secondary">{t.noKeys}</Box> }}>
        {({ names }) => (
          <ul className="firn-needs">
            {names.map((name) => (
              <li key={name}>
                {name}{' '}
                <Button
                  variant="inline-link"
                  ariaLabel={`${t.forget}: ${name}`}
                  loading={forget.isPending && forget.variables.name === name}
                  onClick={() => forget.mutate({ name })}
                >
                  {t.forget}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Answered>
      {forget.error === null ? null : <FaultBox fault={forget.error} compact />}
    </SpaceBetween>
  )
}
