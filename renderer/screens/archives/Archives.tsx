/** What do we have? Archives, the inventory in figures, the explorer, and what a person should know about single items. */
import Header from '@cloudscape-design/components/header'
import { useWords, words } from '../../language.tsx'

const texts = words({ en: { title: 'Archives and inventory' }, de: { title: 'Archive und Bestand' } })

type Props = { readonly show?: 'inventory' | 'explorer' | 'anomalies'; readonly anomaly?: string }

export function Archives(_props: Props) {
  const text = useWords(texts)
  return <Header variant="h1">{text.title}</Header>
}
