// What was read, or that it is being read, or why it could not be.
import type { ComponentChildren } from 'preact'
import type { Resource } from '../wire/resource.ts'

interface LoadedProps<T> {
  of: Resource<T>
  /** For the line shown before there is something, e.g. "the versions". */
  what: string
  children: (data: T) => ComponentChildren
}

export function Loaded<T>({ of: { data, error }, what, children }: LoadedProps<T>) {
  return (
    <>
      {error !== undefined && (
        <p class="trouble-line" role="alert">
          {data === undefined ? `Could not read ${what}.` : `What is shown of ${what} may be old.`} {error.message}
        </p>
      )}
      {data === undefined && error === undefined && <p class="waiting">Reading {what}…</p>}
      {data !== undefined && children(data)}
    </>
  )
}
