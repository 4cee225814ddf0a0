/** How will it go? What travels, by which route, when; and a person who says yes to it. */
import Header from '@cloudscape-design/components/header'
import { useWords, words } from '../../language.tsx'

const texts = words({ en: { title: 'Plan' }, de: { title: 'Plan' } })

export function Plan() {
  const text = useWords(texts)
  return <Header variant="h1">{text.title}</Header>
}
