// A page's heading. It takes the focus when one page follows another, so that a screen reader says where it is.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** The first page of a visit leaves the focus where the browser puts it. */
let visited = false

interface PageHeadProps {
  title: string
  /** Above it: what kind of thing this is. */
  kind?: string
  /** Below it, one or two sentences. */
  children?: ComponentChildren
  actions?: ComponentChildren
}

export function PageHead({ title, kind, children, actions }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (visited) heading.current?.focus()
    visited = true
  }, [])
  useEffect(() => {
    document.title = `${title} · Palimpsest`
  }, [title])
  return (
    <div class="page-head">
      <div>
        {kind !== undefined && <p class="kind">{kind}</p>}
        <h1 ref={heading} tabIndex={-1} class={title.length > 80 ? 'long' : ''}>
          {title}
        </h1>
        {children !== undefined && <div class="lead">{children}</div>}
      </div>
      {actions !== undefined && <div class="actions">{actions}</div>}
    </div>
  )
}
