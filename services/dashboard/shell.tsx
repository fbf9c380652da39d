// What stands round every page: the name, the way to the other pages, which model, and whether the service is well.
import type { ComponentChildren } from 'preact'
import { Link, useRoute } from 'wouter-preact'
import { Toasts } from './parts/toasts.tsx'
import { Wordmark } from './parts/wordmark.tsx'
import { chooseModel, chosenModel } from './wire/chosen-model.ts'
import { forgetKey } from './wire/key.ts'
import { forgetResources, useResource } from './wire/resource.ts'
import { nextTheme, theme } from './wire/theme.ts'
import type { Alert, ModelBody, Page } from './wire/types.ts'

const places = [
  ['/documents', 'Documents'],
  ['/versions', 'Versions'],
  ['/retention', 'Retention'],
  ['/practice', 'Practice'],
  ['/alerts', 'Alerts'],
  ['/ask', 'Ask'],
  ['/webhooks', 'Webhooks'],
  ['/keys', 'Keys'],
] as const

export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>('main h1')?.focus()}>
        Skip to the page
      </button>
      <header class="rail">
        <Wordmark />
        <ModelChoice />
        <nav aria-label="Pages">
          <ul>
            {places.map(([path, name]) => (
              <Place key={path} path={path} name={name} />
            ))}
          </ul>
        </nav>
        <div class="rail-foot">
          <Health />
          <button type="button" class="quiet" onClick={() => (theme.value = nextTheme(theme.value))}>
            Theme: {theme.value}
          </button>
          <button type="button" class="quiet" onClick={leave}>
            Forget the key
          </button>
        </div>
      </header>
      <main>{children}</main>
      <Toasts />
    </div>
  )
}

function leave(): void {
  forgetKey()
  forgetResources()
}

function Place({ path, name }: { path: string; name: string }) {
  const [here] = useRoute(`${path}/*?`)
  const [atStart] = useRoute('/')
  const current = here || (atStart && path === '/documents')
  return (
    <li>
      <Link href={path} aria-current={current ? 'page' : undefined}>
        {name}
        {path === '/alerts' && <AlertCount />}
      </Link>
    </li>
  )
}

/** Of the last hundred; the page has all of them. */
function AlertCount() {
  const { data } = useResource<Page<Alert>>(`/v1/alerts?model=${chosenModel.value}&limit=100`, 15_000)
  if (data === undefined || data.data.length === 0) return null
  return (
    <span class="count">
      {data.data.length}
      {data.has_more && '+'}
      <span class="unseen"> {data.data.length === 1 ? 'alert' : 'alerts'}</span>
    </span>
  )
}

function ModelChoice() {
  const { data } = useResource<Page<ModelBody>>('/v1/models?limit=100', 60_000)
  const names = data?.data.map(({ id }) => id) ?? []
  if (!names.includes(chosenModel.value)) names.unshift(chosenModel.value)
  return (
    <label class="model-choice">
      <span>Model</span>
      <select value={chosenModel.value} onChange={(event) => chooseModel(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}

function Health() {
  const { data, error } = useResource<{ status: string }>('/health', 20_000)
  const state = error !== undefined ? 'trouble' : data === undefined ? 'asking' : 'ready'
  const said = { trouble: 'Not ready', asking: 'Asking…', ready: 'Ready' }[state]
  return (
    <p class={`health ${state}`} title={error?.message}>
      <span class="dot" aria-hidden="true" /> Service: {said}
      {error !== undefined && <span class="health-why">{error.message}</span>}
    </p>
  )
}
