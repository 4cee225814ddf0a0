/** The inventory itself: study → series → item, or every item in one list, under one filter. However long it is, only what is in sight is asked for. */
import { useCallback, useState } from 'react'
import Box from '@cloudscape-design/components/box'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ArchiveEntry, InventoryFilter, SeriesRow, StudyRow } from '../../../../shared/contract/calls/archives.ts'
import { useAnswer } from '../../../bridge/answers.ts'
import { useLanguage, useWords, words } from '../../../language.tsx'
import { useFigures } from '../../../parts/figures.ts'
import { Drawn } from '../Drawn.tsx'
import { modalitiesIn, yearsIn } from '../heatCells.ts'
import { FilterBar } from './FilterBar.tsx'
import { ItemDetail } from './ItemDetail.tsx'
import { ItemList, SeriesList, StudyItemList, StudyList } from './lists.tsx'

const texts = words({
  en: {
    studies: 'Studies',
    allItems: 'All items',
    show: 'What is listed',
    path: 'Where you are',
    study: (id: number) => `Study ${id}`,
    series: (series: number) => `Series ${series}`,
    everySeries: 'All series',
    counting: 'counting',
    found: (studies: string, items: string, bytes: string) => `${studies} studies · ${items} · ${bytes}`,
    keys: 'Arrow keys, Page Up and Down, Home and End move; Enter opens; Backspace goes back.',
    wholeStudy: 'The filter chooses studies; inside of a study all of it is shown.',
  },
  de: {
    studies: 'Studien',
    allItems: 'Alle Dateien',
    show: 'Was gelistet wird',
    path: 'Wo Sie sind',
    study: (id) => `Studie ${id}`,
    series: (series) => `Serie ${series}`,
    everySeries: 'Alle Serien',
    counting: 'wird gezählt',
    found: (studies, items, bytes) => `${studies} Studien · ${items} · ${bytes}`,
    keys: 'Pfeiltasten, Bild auf und ab, Pos1 und Ende bewegen; Eingabe öffnet; Rücktaste geht zurück.',
    wholeStudy: 'Der Filter wählt Studien; innerhalb einer Studie wird alles gezeigt.',
  },
})

/** Where in the tree: the studies, all items, one study, or the items of a study or series. */
type Place =
  | { readonly at: 'studies' }
  | { readonly at: 'all-items' }
  | { readonly at: 'study'; readonly study: StudyRow }
  | { readonly at: 'items'; readonly study: StudyRow; readonly series: SeriesRow | undefined }

type Props = {
  readonly filter: InventoryFilter
  readonly onFilter: (filter: InventoryFilter) => void
  readonly archives: readonly ArchiveEntry[]
  /** Begins with every item in one list instead of with studies. */
  readonly flat: boolean
}

export function Explorer({ filter, onFilter, archives, flat }: Props) {
  const text = useWords(texts)
  const language = useLanguage()
  const figures = useFigures()
  const [place, setPlace] = useState<Place>(flat ? { at: 'all-items' } : { at: 'studies' })
  const [item, setItem] = useState<number | undefined>(undefined)
  const counted = useAnswer('explorer.count', filter, { staleTime: 60_000 })
  const heat = useAnswer('archives.heatMap', { archiveId: null }, { staleTime: 60_000 })
  const close = useCallback(() => setItem(undefined), [])
  const inStudy = place.at === 'study' || place.at === 'items'

  const crumbs = [
    { text: text.studies, href: '#studies' },
    ...(inStudy ? [{ text: text.study(place.study.id), href: '#study' }] : []),
    ...(place.at === 'items'
      ? [{ text: place.series === undefined ? text.everySeries : text.series(place.series.series), href: '#items' }]
      : []),
  ]
  const back = (to: string): void => {
    if (to === '#studies') setPlace({ at: 'studies' })
    else if (to === '#study' && place.at === 'items') setPlace({ at: 'study', study: place.study })
  }
  const openStudy = (study: StudyRow): void =>
    // Nothing to choose from where there is one series or none.
    setPlace(study.series > 1 ? { at: 'study', study } : { at: 'items', study, series: undefined })

  return (
    <Drawn>
      <SpaceBetween size="s">
        <FilterBar
          filter={filter}
          onChange={(next) => {
            onFilter(next)
            if (inStudy) setPlace({ at: 'studies' })
          }}
          archives={archives}
          modalities={modalitiesIn(heat.data?.cells ?? [])}
          years={yearsIn(heat.data?.cells ?? [])}
        />
        <SpaceBetween direction="horizontal" size="m" alignItems="center">
          <SegmentedControl
            label={text.show}
            selectedId={place.at === 'all-items' ? 'all-items' : 'studies'}
            options={[
              { id: 'studies', text: text.studies },
              { id: 'all-items', text: text.allItems },
            ]}
            onChange={({ detail }) => setPlace(detail.selectedId === 'all-items' ? { at: 'all-items' } : { at: 'studies' })}
          />
          {inStudy ? (
            <BreadcrumbGroup
              ariaLabel={text.path}
              items={crumbs}
              onFollow={(event) => {
                event.preventDefault()
                back(event.detail.href)
              }}
            />
          ) : (
            <Box color="text-body-secondary" variant="span" nativeAttributes={{ role: 'status' }}>
              {counted.data === undefined
                ? text.counting
                : text.found(figures.count(counted.data.studies), figures.items(counted.data.items), figures.bytes(counted.data.bytes))}
            </Box>
          )}
        </SpaceBetween>
        {place.at === 'studies' && <StudyList key={JSON.stringify(filter)} filter={filter} onOpen={openStudy} />}
        {place.at === 'all-items' && (
          <ItemList key={JSON.stringify(filter)} filter={filter} panelOpen={item !== undefined} onOpen={(row) => setItem(row.id)} />
        )}
        {place.at === 'study' && (
          <SeriesList
            key={place.study.id}
            study={place.study}
            onOpen={(series) => setPlace({ at: 'items', study: place.study, series })}
            onBack={() => setPlace({ at: 'studies' })}
          />
        )}
        {place.at === 'items' && (
          <StudyItemList
            key={`${place.study.id}/${place.series?.series ?? ''}`}
            study={place.study}
            series={place.series}
            panelOpen={item !== undefined}
            onOpen={(row) => setItem(row.id)}
            onBack={() => setPlace(place.study.series > 1 ? { at: 'study', study: place.study } : { at: 'studies' })}
          />
        )}
        <Box color="text-body-secondary" fontSize="body-s">
          {inStudy ? `${text.wholeStudy} ${text.keys}` : text.keys}
        </Box>
        {item !== undefined && <ItemDetail key={item} itemId={item} archives={archives} language={language} onClose={close} />}
      </SpaceBetween>
    </Drawn>
  )
}
