/** Filters of the explorer as tokens: modality = CT, year ≤ 2012, anomaly = … */
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import { anomalyCodes } from '../../../../shared/domain/anomaly.ts'
import { verdicts } from '../../../../shared/domain/verification.ts'
import type { ArchiveEntry, InventoryFilter } from '../../../../shared/contract/calls/archives.ts'
import { useLanguage, useWords, words } from '../../../language.tsx'
import { anomalyWords } from '../anomalyWords.ts'
import { routeWords } from '../inventoryWords.ts'
import { filterOf, tokensOf } from './filter.ts'

const texts = words({
  en: {
    label: 'Filter studies and items',
    placeholder: 'Filter by modality, year, anomaly, route …',
    modality: 'Modality',
    modalities: 'Modalities',
    year: 'Year of the study',
    years: 'Years',
    anomaly: 'Anomaly',
    anomalies: 'Anomalies',
    kind: 'Kind',
    kinds: 'Kinds',
    verdict: 'Verdict',
    verdicts: 'Verdicts',
    route: 'Route',
    routes: 'Routes',
    archive: 'Archive',
    archives: 'Archives',
    dicom: 'DICOM study',
    folder: 'folder of other files',
    never: 'never checked',
    none: 'no route',
  },
  de: {
    label: 'Studien und Dateien filtern',
    placeholder: 'Filtern nach Modalität, Jahr, Auffälligkeit, Weg …',
    modality: 'Modalität',
    modalities: 'Modalitäten',
    year: 'Jahr der Studie',
    years: 'Jahre',
    anomaly: 'Auffälligkeit',
    anomalies: 'Auffälligkeiten',
    kind: 'Art',
    kinds: 'Arten',
    verdict: 'Urteil',
    verdicts: 'Urteile',
    route: 'Weg',
    routes: 'Wege',
    archive: 'Archiv',
    archives: 'Archive',
    dicom: 'DICOM-Studie',
    folder: 'Ordner mit anderen Dateien',
    never: 'nie geprüft',
    none: 'kein Weg',
  },
})

type Props = {
  readonly filter: InventoryFilter
  readonly onChange: (filter: InventoryFilter) => void
  readonly archives: readonly ArchiveEntry[]
  readonly modalities: readonly string[]
  readonly years: readonly number[]
}

export function FilterBar({ filter, onChange, archives, modalities, years }: Props) {
  const text = useWords(texts)
  const language = useLanguage()
  const routes = routeWords[language]
  const labels: Readonly<Record<string, ReadonlyMap<string, string>>> = {
    modality: new Map(modalities.map((one) => [one, one])),
    year: new Map(years.map((one) => [String(one), String(one)])),
    anomaly: new Map(anomalyCodes.map((code) => [code, anomalyWords(code, language).title])),
    kind: new Map([
      ['dicom', text.dicom],
      ['folder', text.folder],
    ]),
    verdict: new Map([...verdicts.filter((one) => one !== 'extra').map((one) => [one, one] as const), ['none', text.never]]),
    route: new Map([
      ['device', routes.device],
      ['share', routes.share],
      ['link', routes.link],
      ['none', text.none],
    ]),
    archive: new Map(archives.map((one) => [String(one.id), one.label])),
  }
  const property = (
    key: string,
    propertyLabel: string,
    groupValuesLabel: string,
    ranged = false,
  ): PropertyFilterProps.FilteringProperty => ({
    key,
    propertyLabel,
    groupValuesLabel,
    defaultOperator: '=',
    operators: (ranged ? (['=', '<=', '>='] as const) : (['='] as const)).map((operator) => ({
      operator,
      format: (value: string) => labels[key]?.get(value) ?? value,
    })),
  })
  return (
    <PropertyFilter
      query={{
        operation: 'and',
        tokens: [...tokensOf(filter)],
      }}
      onChange={({ detail }) => onChange(filterOf(detail.tokens))}
      filteringProperties={[
        property('modality', text.modality, text.modalities),
        property('year', text.year, text.years, true),
        property('anomaly', text.anomaly, text.anomalies),
        property('kind', text.kind, text.kinds),
        property('verdict', text.verdict, text.verdicts),
        property('route', text.route, text.routes),
        property('archive', text.archive, text.archives),
      ]}
      filteringOptions={Object.entries(labels).flatMap(([propertyKey, values]) =>
        [...values].map(([value, label]) => ({ propertyKey, value, label })),
      )}
      hideOperations
      disableFreeTextFiltering
      filteringAriaLabel={text.label}
      filteringPlaceholder={text.placeholder}
    />
  )
}
