/** What AWS has imported so far; totals are unknown until AWS has counted. */
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'

export function ImportProgress({ of: counted }: { readonly of: NonNullable<Answer<'devices.detail'>['import']> }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const of = (some: string, all: string | undefined): string => (all === undefined ? `${some} · ${t.counting}` : t.of(some, all))
  const { bytes, objects, totalBytes, totalObjects } = counted
  return (
    <Container
      header={
        <Header variant="h2" description={t.importMeans}>
          {t.import}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {totalBytes !== null && totalBytes > 0 ? (
          <ProgressBar value={Math.floor((bytes / totalBytes) * 1000) / 10} ariaLabel={t.import} />
        ) : (
          <Box color="text-body-secondary">{t.counting}</Box>
        )}
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.importBytes, value: of(figures.bytes(bytes), totalBytes === null ? undefined : figures.bytes(totalBytes)) },
            { label: t.importObjects, value: of(figures.count(objects), totalObjects === null ? undefined : figures.count(totalObjects)) },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}
