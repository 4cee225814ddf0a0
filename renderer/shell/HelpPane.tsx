/** The help beside a screen: what it is, and the words it uses. */
import HelpPanel from '@cloudscape-design/components/help-panel'
import { useLanguage, useWords, words } from '../language.tsx'
import type { Help } from '../parts/panels.ts'

const text = words({
  en: { title: 'About this screen', terms: 'Words used here', none: 'This screen explains itself.' },
  de: { title: 'Zu diesem Bildschirm', terms: 'Begriffe', none: 'Dieser Bildschirm erklärt sich selbst.' },
})

export function HelpPane({ help }: { readonly help: Help | undefined }) {
  const t = useWords(text)
  const shown = help?.[useLanguage()]
  return (
    <HelpPanel header={<h2>{t.title}</h2>}>
      {shown === undefined ? (
        <p>{t.none}</p>
      ) : (
        <>
          <p>{shown.what}</p>
          {shown.terms.length === 0 ? null : (
            <>
              <h3>{t.terms}</h3>
              <dl>
                {shown.terms.map(([term, meaning]) => (
                  <div key={term}>
                    <dt>{term}</dt>
                    <dd>{meaning}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
        </>
      )}
    </HelpPanel>
  )
}
