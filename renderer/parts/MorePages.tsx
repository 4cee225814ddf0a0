/** Keyset pages under a table: how much is shown, and more on demand. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useWords, words } from '../language.tsx'
import { useFigures } from './figures.ts'

const text = words({
  en: { shown: (count: string) => `${count} shown`, all: (count: string) => `All ${count} shown`, more: 'Show more' },
  de: { shown: (count) => `${count} gezeigt`, all: (count) => `Alle ${count} gezeigt`, more: 'Mehr zeigen' },
})

type Pages = { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => Promise<unknown> }

export function MorePages({ of, shown }: { readonly of: Pages; readonly shown: number }) {
  const t = useWords(text)
  const figures = useFigures()
  return (
    <Box textAlign="center" padding={{ vertical: 'xs' }}>
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Box variant="small" color="text-body-secondary">
          {of.hasNextPage ? t.shown(figures.count(shown)) : t.all(figures.count(shown))}
        </Box>
        {of.hasNextPage && (
          <Button loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
            {t.more}
          </Button>
        )}
      </SpaceBetween>
    </Box>
  )
}
