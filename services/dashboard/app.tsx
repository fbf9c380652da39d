// Which page is shown: the sign-in while there is no key, else the one that the address names behind its `#`. Hashes keep
// the page's own addresses apart from the API's, and work wherever `/` is served.
import { Route, Router, Switch } from 'wouter-preact'
import { useHashLocation } from 'wouter-preact/use-hash-location'
import { Shell } from './shell.tsx'
import { AlertsPage } from './pages/alerts-page.tsx'
import { AskPage } from './pages/ask-page.tsx'
import { ComparePage } from './pages/compare-page.tsx'
import { DocumentPage } from './pages/document-page.tsx'
import { DocumentsPage } from './pages/documents-page.tsx'
import { KeysPage } from './pages/keys-page.tsx'
import { MissingPage } from './pages/missing-page.tsx'
import { PracticePage } from './pages/practice-page.tsx'
import { RetentionPage } from './pages/retention-page.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'
import { UpdatePage } from './pages/update-page.tsx'
import { VersionsPage } from './pages/versions-page.tsx'
import { WebhooksPage } from './pages/webhooks-page.tsx'
import { key } from './wire/key.ts'

export function App() {
  if (key.value === null) return <SignInPage />
  return (
    <Router hook={useHashLocation}>
      <Shell>
        <Switch>
          <Route path="/" component={DocumentsPage} />
          <Route path="/documents" component={DocumentsPage} />
          <Route path="/documents/:id">{({ id }) => <DocumentPage key={id} id={id} />}</Route>
          <Route path="/updates/:id">{({ id }) => <UpdatePage key={id} id={id} />}</Route>
          <Route path="/versions" component={VersionsPage} />
          <Route path="/versions/:before/:after">
            {({ before, after }) => <ComparePage before={Number(before)} after={Number(after)} />}
          </Route>
          <Route path="/retention" component={RetentionPage} />
          <Route path="/practice" component={PracticePage} />
          <Route path="/alerts">{() => <AlertsPage />}</Route>
          <Route path="/alerts/:id">{({ id }) => <AlertsPage linked={id} />}</Route>
          <Route path="/ask" component={AskPage} />
          <Route path="/webhooks" component={WebhooksPage} />
          <Route path="/keys" component={KeysPage} />
          <Route component={MissingPage} />
        </Switch>
      </Shell>
    </Router>
  )
}
