/** Where a window begins: styles, questions, language, shell. */
import '@cloudscape-design/global-styles/index.css'
import './firn.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Shell } from './shell/Shell.tsx'

const client = new QueryClient({
  defaultOptions: {
    // The host answers or says why not; faults that pass by themselves are asked again by the screen that shows them.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 1000 },
    mutations: { retry: false },
  },
})

const app = document.getElementById('app')
if (app !== null) {
  createRoot(app).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Shell />
      </QueryClientProvider>
    </StrictMode>,
  )
}
